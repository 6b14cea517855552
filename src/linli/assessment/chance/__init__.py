"""The simulator of chance: what a plan's rules make of years in which nothing differs and nothing changes."""
