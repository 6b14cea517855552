"""The API put together; a test holds docs/reference/openapi.json against its schema."""

from functools import cache

from ninja import NinjaAPI

from linli import __version__
from linli.web.foundation.border.bodies import BorderParser
from linli.web.foundation.exchange.api import cases, other
from linli.web.foundation.exchange.api.asking import TokenAuth, answer_errors
from linli.web.foundation.exchange.api.parts import parts

__all__ = ["api"]


@cache
def api() -> NinjaAPI:
    """The API, once a process."""
    built = NinjaAPI(
        title="邻里 Linli",
        version=__version__,
        description="Casework of community policing. Errors have one shape; lists are paged by cursor.",
        auth=TokenAuth(),
        parser=BorderParser(),
        docs_url=None,
        urls_namespace="api",
    )
    answer_errors(built)
    built.add_router("/cases", cases.router)
    built.add_router("", other.router)
    for prefix, router in parts():
        built.add_router(prefix, router)
    return built
