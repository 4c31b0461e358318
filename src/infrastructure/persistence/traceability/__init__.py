"""The genealogy in PostgreSQL."""
