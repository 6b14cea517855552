"""A dispute by its number, for whoever may see it."""

from django.http import HttpRequest

from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.actions.base import say as say_case
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import case_for
from linli.web.ops.disputes.actions.base import KIND

__all__ = ["dispute_for"]


def dispute_for(request: HttpRequest, number: str) -> Case:
    """The case of a dispute that the actor may see; a look from outside its area is logged.

    Raises
    ------
    Missing
        There is none, the actor may not know of it, or the case is no dispute.
    """
    case = case_for(actor(request), number, at=now(request))
    if case.case_type != KIND:
        raise Missing(say_case("case.missing", number=number))
    return case
