"""Reference data in PostgreSQL."""
