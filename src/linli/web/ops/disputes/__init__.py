"""Disputes: intake, parties, mediation, agreement, fulfilment, hand-over (Q5, N11, D3)."""
