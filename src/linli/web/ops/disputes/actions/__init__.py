"""Everything that changes a dispute."""
