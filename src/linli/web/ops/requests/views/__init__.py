"""The pages of requests for staff."""
