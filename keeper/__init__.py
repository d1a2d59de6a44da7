"""Owns the engine processes of a machine: starts them beside each other, warms, watches and stops them.

The handover service is the only one that asks it for anything; no citizen's word passes through here.
"""
