"""Incidents (110 intake): calls taken in, units recommended and dispatched, arrival, result."""
