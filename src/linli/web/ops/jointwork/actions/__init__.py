"""Changes to agreements, meetings and what they decide."""
