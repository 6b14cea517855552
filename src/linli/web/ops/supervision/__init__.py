"""Supervision (L18, N18, L15, L16): random checks, findings as cases, empty rooms, dated norms."""
