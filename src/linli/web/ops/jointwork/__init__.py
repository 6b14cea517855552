"""Joint work across boundaries (Q7, H5, N14): agreements, joint meetings, shared cases."""
