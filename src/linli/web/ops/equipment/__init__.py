"""Equipment: what is issued and installed, kept working, and what it was good for (L9, L13, Q3, N15, D4)."""
