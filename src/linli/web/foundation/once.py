"""What a page asks of the database several times over is asked once a request.

Kept only inside a request and thrown away at every write, so that nothing answers from before a change;
outside a request (a job, a command, a test) nothing is kept.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse

__all__ = ["OnceMiddleware", "forget", "once", "one_request"]

Answer = TypeVar("Answer")

_KEPT: Final[ContextVar[dict[Hashable, Any] | None]] = ContextVar("kept", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """Keep answers until the end of the block."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer to a question, asked no more than once a request."""
    kept = _KEPT.get()
    if kept is None:
        return ask()
    if question not in kept:
        kept[question] = ask()
    answer: Answer = kept[question]
    return answer


def forget() -> None:
    """Ask everything anew: something was written."""
    kept = _KEPT.get()
    if kept is not None:
        kept.clear()


class OnceMiddleware:
    """One set of answers for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with answers of its own."""
        with one_request():
            return self.get_response(request)
