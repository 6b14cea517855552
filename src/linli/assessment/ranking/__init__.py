"""Ranking: places with their intervals, and rows of a league in which "cannot tell" is a result."""
