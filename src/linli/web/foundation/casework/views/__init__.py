"""The pages of casework, the same for every case type."""
