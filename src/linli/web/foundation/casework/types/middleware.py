"""Before its first page, a process keeps the case types that it knows and calls back those that are gone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from linli.web.foundation.casework.types.versions import Kept

__all__ = ["TypesMiddleware"]


class TypesMiddleware:
    """Once a process; health checks stand before it and ask no database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep, then answer."""
        Kept.once()
        return self.get_response(request)
