"""The pages of incidents: intake, board, map, wall, dispatch, units, statistics."""
