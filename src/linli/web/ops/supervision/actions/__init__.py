"""What supervision changes."""
