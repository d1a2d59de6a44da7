"""The service catalogue: YAML documents, their checks, their import into SQL, and search."""
