"""Problem places (N10): one file a place, plan, owner, progress."""
