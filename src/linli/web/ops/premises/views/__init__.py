"""Pages of premises and inspections."""
