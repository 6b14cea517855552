"""What somebody sees after too many wrong passwords."""

from math import ceil
from typing import Any

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

__all__ = ["locked_out"]


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """The sign-in page says that it is locked, for how long, and whom to ask."""
    wait = get_cool_off(request)
    minutes = ceil(wait.total_seconds() / 60) if wait is not None else 0
    response = render(request, "accounts/locked.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    response["Cache-Control"] = "no-store"
    return response
