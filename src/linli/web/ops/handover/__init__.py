"""Messages of a post and hand-over notes between shifts (L14)."""
