"""A production server does not serve a database that holds the demonstration: its passwords are published.

Looked at when a process starts, and by a middleware until the database has answered: a server that
starts while its database is away must look later.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import Error
from django.http import HttpRequest, HttpResponse

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.demonstration.models import Filled
from linli.web.foundation.screens.wording import said

__all__ = ["DemonstrationGuard", "look_for_demonstration", "refuse_demonstration"]

say = catalogue("linli.web.demonstration")


def refuse_demonstration() -> bool:
    """Say whether it is certain that this is no production server on a demonstration.

    Raises
    ------
    LinliError
        It is one.
    """
    if not settings.PRODUCTION:
        return True
    try:
        loaded = Filled.objects.exists()
    except Error:
        # Away or without tables: whoever asks for a page will be told, and it is asked again.
        return False
    if loaded:
        raise LinliError(say("served_in_production"))
    return True


def look_for_demonstration(**_: Any) -> list[checks.CheckMessage]:
    """The same as one of Django's checks of a deployment."""
    try:
        refuse_demonstration()
    except LinliError as refusal:
        return [checks.Error(said(refusal.text), id="linli.E001")]
    return []


class DemonstrationGuard:
    """Refuses every page of a production server on a demonstration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.certain = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look once, then pass on."""
        if not self.certain:
            try:
                self.certain = refuse_demonstration()
            except LinliError as refusal:
                return HttpResponse(said(refusal.text), status=503, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
