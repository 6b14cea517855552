"""Whoever is shown a case from outside its territory is written down, whatever page or file shows it.

No view has to think of it: whatever loads a case for somebody notes it, and before an answer that holds
something leaves, the entry is written. An answer that leads elsewhere shows nothing.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.actions.reading import SeeCase, reached_by
from linli.web.foundation.casework.sight import Look, looking

__all__ = ["SightMiddleware"]

SHOWING: Final = frozenset({200, 201, 304})
"""Answers with something of the case in them, "as you have it" included."""
FORMS: Final = frozenset({409, 422})
"""Refusals that show a page the form again, with the case around it; a program is told the fault alone."""


class SightMiddleware:
    """Looks at every answer before its first byte leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write an entry for each case that the answer shows to somebody from outside its territory."""
        with looking() as looks:
            response = self.get_response(request)
        if _shows(response):
            for look in looks.values():
                _write(look)
        return response


def _shows(response: HttpResponse) -> bool:
    if response.status_code in FORMS:
        return response.get("Content-Type", "").startswith("text/html")
    return response.status_code in SHOWING


def _write(look: Look) -> None:
    try:
        # What the request itself ended, such as a hand-over, is not seen any more in what it answers.
        by = reached_by(look.actor, look.case, look.at)
        if by:
            perform(SeeCase(case_id=look.case.pk, by=by), look.actor, look.at)
    except Missing:
        return
