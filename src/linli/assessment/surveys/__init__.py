"""Surveys: drawing addresses, weights, and estimates with what the design makes of their error."""
