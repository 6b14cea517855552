"""Premises and their inspections (L11, N2, N3, N9, N13, N14, E10)."""
