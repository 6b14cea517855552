"""Everything that changes the register of equipment."""
