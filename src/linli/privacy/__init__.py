"""What protects people: forbidden kinds of data, declared purposes, masking, clean files."""
