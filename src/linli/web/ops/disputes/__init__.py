"""Disputes mediated (Q5, N11): parties, sessions, agreements, fulfilment, hand-over."""
