"""Requests of residents and units, five in time (X9): web, phone, counter, Open311."""
