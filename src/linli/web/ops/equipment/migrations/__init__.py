"""Migrations of equipment."""
