"""SQLite with the guard."""
