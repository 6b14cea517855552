"""Stipends and funds (Q2, Q6, N20, L17): budgets, lots, payments and reversals."""
