"""Changes that requests bring beside those of casework."""
