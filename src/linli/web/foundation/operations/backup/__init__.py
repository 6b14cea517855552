"""Backup and restore: the database and the attached files in one archive, every byte of it accounted for."""
