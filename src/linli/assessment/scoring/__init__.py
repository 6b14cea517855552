"""Scoring: what the count of one area, or one series, can be said to show."""
