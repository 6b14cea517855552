"""The platform where stations, committees and residents do the work: the only package that imports Django."""
