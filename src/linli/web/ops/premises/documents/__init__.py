"""The style of printed papers."""
