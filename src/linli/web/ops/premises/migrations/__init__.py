"""Migrations of premises."""
