"""Django's two databases with a guard: what cannot be kept, or breaks who reads it, is refused on both."""
