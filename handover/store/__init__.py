"""Persistence: the record of conversations, turns, accounts and presence. All SQL of the handover service is here."""
