"""The files of one request have so many seconds to be opened, all together."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from linli.privacy.allowance import allowance

__all__ = ["OpeningMiddleware"]


class OpeningMiddleware:
    """One allowance for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what it cannot open in time waits for a worker, or is refused."""
        with allowance():
            return self.get_response(request)
