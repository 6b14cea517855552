"""Every address of the platform, filled in so that it can be asked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

__all__ = ["Address", "addresses"]

PLAIN: Mapping[str, str] = {
    "form": "csv",
    "kind": "request",
    "service": "streetlight",
    "provider_id": "sso",
    "key": "x",
    "uidb36": "1",
    "step": "accept",
    "what": "x",
    "schedule_class": "ordinary",
}


@dataclass(frozen=True)
class Address:
    """One pattern."""

    name: str
    route: str
    module: str

    @property
    def about_a_case(self) -> bool:
        """It names a case by its number."""
        return ":number>" in self.route or "<number>" in self.route

    def path(self, *, number: str, pk: int = 999_999, code: str = "x", form: str = "") -> str:
        """The address with a case's number, an id, a code, a form of file and something for the rest."""

        def fill(match: re.Match[str]) -> str:
            converter, _, name = match[1].rpartition(":")
            if name == "number":
                return number
            if name == "code":
                return code
            if name == "form" and form:
                return form
            if name == "form" and not converter:
                return "json"
            return str(pk) if converter == "int" else PLAIN.get(name, "x")

        path = re.sub(
            r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: fill(re.match(r"(.*)", m[1])), self.route
        )
        path = re.sub(r"<([^<>]+)>", fill, path)
        return "/" + path.replace("^", "").replace("$", "").replace("\\", "").replace(".*", "x")


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, route, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield Address(f"{space}{one.name}" if one.name else "", route, one.callback.__module__)


def addresses(urlconf: str | None = None, prefix: str = "") -> list[Address]:
    """All of the platform or of a module, in the order in which they are looked up."""
    return list(_walk(get_resolver(urlconf), prefix, ""))
