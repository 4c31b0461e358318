"""The history of dispositions in PostgreSQL."""
