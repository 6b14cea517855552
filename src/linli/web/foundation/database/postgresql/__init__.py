"""PostgreSQL with the guard."""
