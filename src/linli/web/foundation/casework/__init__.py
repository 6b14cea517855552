"""Casework, the kernel of operations: everything that is dealt with is a case of some type."""
