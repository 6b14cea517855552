"""The tree of places, datums, adjacency, cells, travel time: what planners and maps are made from."""
