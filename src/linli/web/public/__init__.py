"""The residents' pages: take a request, follow it by its code. Reach the queue and nothing behind it."""
