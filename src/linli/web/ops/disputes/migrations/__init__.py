"""Migrations of disputes."""
