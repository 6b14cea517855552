"""The one place where the platform asks what time it is; everything else is handed the moment."""

import datetime as dt

from django.utils import timezone

__all__ = ["now"]


def now() -> dt.datetime:
    """The moment, in UTC."""
    return timezone.now()
