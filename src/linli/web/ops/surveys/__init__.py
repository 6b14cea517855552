"""Surveys of residents and street checks (N7, N16, N18, E9): by address, never by name."""
