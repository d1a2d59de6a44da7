"""The dialogue engine: what runs inside Rasa (Python 3.10)."""
