"""Custom actions of the dialogue engine: thin, on top of the catalogue."""
