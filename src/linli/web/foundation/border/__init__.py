"""What crosses the border: characters, numbers and moments from outside, each read by one function."""
