"""Which parts of the demonstration are loaded, so that loading it again adds nothing twice."""

from django.db import models

__all__ = ["Filled"]


class Filled(models.Model):
    """An app whose demonstration data are in the database."""

    app = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.app
