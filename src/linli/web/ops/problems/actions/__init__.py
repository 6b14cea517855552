"""Changes to the plan of a problem place."""
