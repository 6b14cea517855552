"""Stipends: what a plan pays for, as a pack's ``stipends.toml`` says it; numbers are the pack's own."""
