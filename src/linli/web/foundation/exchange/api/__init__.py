"""The API, version 1: cases, their history, case types, places, webhooks."""
