"""Rasa graph components of our own."""
