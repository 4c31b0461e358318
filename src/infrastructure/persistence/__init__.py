"""PostgreSQL through the Django ORM and psycopg."""
