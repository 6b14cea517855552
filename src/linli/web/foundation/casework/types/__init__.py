"""Case types as data: read from files, checked strictly, known by id."""
