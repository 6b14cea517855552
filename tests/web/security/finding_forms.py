"""Finds every form and every filter that a role comes to by following links from the pages it may open."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

__all__ = ["Found", "Sheet", "found_by", "route_of"]

LEAD_NOWHERE = ("/accounts/logout", "/static/", "/language")
PAGES_OF_A_ROLE = 2


@dataclass(frozen=True)
class Sheet:
    """A form as a page shows it: where it is sent, and something plausible in each field."""

    role: str
    page: str
    path: str
    method: str
    values: tuple[tuple[str, str], ...]
    files: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.values))


@dataclass
class Found:
    """What there is to send things to."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By route: who opened it, and one of its addresses."""
    sheets: dict[tuple[str, ...], Sheet] = field(default_factory=dict)
    filters: dict[str, set[str]] = field(default_factory=dict)
    """By route: the names that links and forms put into its query."""
    faults: list[str] = field(default_factory=list)


def route_of(path: str) -> str:
    """The pattern of an address; empty where nothing is there."""
    try:
        return str(resolve(urlsplit(path).path).route)
    except Resolver404:
        return ""


def found_by(clients: dict[str, Client], seeds: Callable[[str], list[str]], *, pages: int) -> Found:
    """Follow every link of some roles, so many pages of each route and at most two of them by one role."""
    found, everybody = Found(), Counter[str]()
    for role, client in clients.items():
        waiting, known, seen = list(seeds(role)), set[str](), Counter[str]()
        while waiting:
            address = waiting.pop(0)
            route = route_of(address)
            if not route and urlsplit(address).path != "/":
                continue
            enough = seen[route] >= PAGES_OF_A_ROLE or everybody[route] + seen[route] >= pages
            if address in known or enough:
                continue
            known.add(address)
            waiting += _opened(found, role, client, address, seen)
        everybody += seen
    return found


def _opened(found: Found, role: str, client: Client, address: str, seen: Counter[str]) -> list[str]:
    answer = client.get(address, follow=False)
    route = route_of(address)
    if answer.status_code >= 500:
        found.faults.append(f"{role} GET {address}: {answer.status_code}")
    if answer.status_code in (301, 302):
        return [_inside(address, answer["Location"])]
    if answer.status_code != 200:
        return []
    seen[route] += 1
    found.pages.setdefault(route, (role, urlsplit(address).path))
    if (
        answer.streaming
        or not answer.get("Content-Type", "").startswith("text/html")
        or not answer.content.strip()
    ):
        for close in answer._resource_closers:
            close()
        return []
    tree = html.fromstring(answer.content.decode(), base_url=address)
    for form in tree.iter("form"):
        _keep(found, role, address, form)
    return list(dict.fromkeys(_links(found, address, tree)))


def _inside(page: str, link: str) -> str:
    parts = urlsplit(urljoin(page, link))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _links(found: Found, page: str, tree: Any) -> Iterator[str]:
    for element in tree.iter("a", "div", "linli-live", "linli-map", "linli-address"):
        for name in ("href", "hx-get", "src"):
            link = element.get(name)
            if not link or link.startswith(("#", "http", "mailto", "tel", "data:")):
                continue
            address = _inside(page, link)
            if address.startswith(LEAD_NOWHERE):
                continue
            names = {key for key, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
            found.filters.setdefault(route_of(address), set()).update(names)
            yield address


def _keep(found: Found, role: str, page: str, form: Any) -> None:
    path = _inside(page, form.get("action") or "")
    method = (form.get("method") or "get").lower()
    values = tuple(_values(form))
    files = frozenset(one.get("name") for one in form.iter("input") if one.get("type") == "file")
    sheet = Sheet(role, page, path, method, values, files - {None})
    if method == "get":
        found.filters.setdefault(route_of(path), set()).update(sheet.names)
    elif sheet.names:
        found.sheets.setdefault((route_of(path), *sorted(sheet.names)), sheet)


def _values(form: Any) -> Iterator[tuple[str, str]]:
    picked = set[str]()
    for one in form.iter("input", "select", "textarea", "button"):
        name, kind = one.get("name"), one.get("type", "text")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if one.tag == "select":
            yield name, _option(one)
        elif one.tag == "textarea":
            yield name, one.text or "走访核实，情况属实，已当面说明。"
        elif kind in ("radio", "checkbox", "submit") or one.tag == "button":
            # Of radios and buttons of one name a browser sends one; boxes stay as they are ticked.
            if name not in picked if kind != "checkbox" else one.get("checked") is not None:
                picked.add(name)
                yield name, one.get("value") or "on"
        else:
            yield name, one.get("value") or _plausible(kind, one)


def _option(select: Any) -> str:
    options = [one.get("value") or "" for one in select.iter("option")]
    ticked = [one.get("value") or "" for one in select.iter("option") if one.get("selected") is not None]
    return next(iter([*filter(None, ticked), *filter(None, options)]), "")


def _plausible(kind: str, element: Any) -> str:
    today = dt.datetime.now(dt.UTC)
    known = {
        "date": f"{today:%Y-%m-%d}",
        "datetime-local": f"{today:%Y-%m-%dT%H:%M}",
        "month": f"{today:%Y-%m}",
        "time": "09:30",
        "number": element.get("min") or "1",
        "tel": "13800000000",
        "hidden": "",
        "file": "",
    }
    return known.get("tel" if element.get("inputmode") == "tel" else kind, "测试")
