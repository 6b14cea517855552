"""Who may come to these pages at all; what is on them each selector and action decides."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.ops.incidents.units import KIND, say

__all__ = ["staff_page"]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(verb: str) -> Callable[[View[P]], View[P]]:
    """A page for those who may do something to incidents somewhere."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may_anywhere(actor(request), verb, KIND):
                raise Forbidden(say("page.forbidden"))
            return view(request, *args, **kwargs)

        return cast(View[P], login_required(guarded))

    return decorate
