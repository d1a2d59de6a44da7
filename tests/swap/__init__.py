"""Swaps of models under load, with faults: what is promised of them, checked against the record."""
