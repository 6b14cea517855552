"""Organisations, people's accounts and the roles they hold; who may do what is decided in ``access``."""
