"""Every change to premises, their papers and their inspections."""
