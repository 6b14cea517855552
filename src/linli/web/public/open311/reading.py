"""What an Open311 client asks, read strictly: a filter that cannot be read is refused, never left out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linli.kernel.spelling import case_number
from linli.kernel.texts import catalogue
from linli.web.foundation.border.moments import moment_of
from linli.web.public.open311.answers import Fault

__all__ = ["MOST", "SPAN", "Wanted", "attributes", "degrees", "wanted"]

say = catalogue("linli.web.public")

MOST: Final = 1000
"""Requests in one answer, as the specification says."""
SPAN: Final = dt.timedelta(days=90)
_MOST_IDS: Final = 200
_LAST_PAGE: Final = 100_000


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for."""

    ids: tuple[str, ...]
    """These and no filter."""
    services: tuple[str, ...]
    statuses: frozenset[str]
    start: dt.datetime
    end: dt.datetime
    page: int
    size: int


def wanted(query: Mapping[str, str], at: dt.datetime) -> Wanted:
    """The filters of ``GET requests``.

    Raises
    ------
    Fault
        One of them cannot be read.
    """
    ids = tuple(case_number(one) for one in _list(query.get("service_request_id", "")))
    if len(ids) > _MOST_IDS:
        raise Fault(400, say("open311.too_many_ids", most=_MOST_IDS))
    start, end = _span(query, at)
    return Wanted(
        ids=ids,
        services=_list(query.get("service_code", "")),
        statuses=_statuses(query.get("status", "")),
        start=start,
        end=end,
        page=_whole(query, "page", 1, _LAST_PAGE),
        size=_whole(query, "page_size", MOST, MOST),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _statuses(text: str) -> frozenset[str]:
    found = frozenset(part.lower() for part in _list(text))
    if found - {"open", "closed"}:
        raise Fault(400, say("open311.bad_status"))
    return found


def _whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise Fault(400, say("open311.bad_page", name=name, most=most))
    return int(text)


def _span(query: Mapping[str, str], at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    start, end = _moment(query, "start_date"), _moment(query, "end_date")
    try:
        if start is None:
            end = end or at
            return end - SPAN, end
        if end is None:
            return start, min(start + SPAN, max(at, start))
    except OverflowError:
        raise Fault(400, say("open311.bad_span", days=SPAN.days)) from None
    if end < start or end - start > SPAN:
        raise Fault(400, say("open311.bad_span", days=SPAN.days))
    return start, end


def _moment(query: Mapping[str, str], name: str) -> dt.datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    # A plus sign that was not escaped arrives as a space.
    found = moment_of(text.replace(" ", "+"))
    if found is None or found.tzinfo is None:
        raise Fault(400, say("open311.bad_date", name=name))
    return found


def degrees(given: Mapping[str, str], name: str) -> float | None:
    """A longitude or latitude; ``None`` where none was given."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        raise Fault(400, say("open311.bad_number", name=name)) from None
    if not -180 <= found <= 180:
        raise Fault(400, say("open311.bad_number", name=name))
    return found


def attributes(given: Mapping[str, str]) -> dict[str, str]:
    """Values sent as ``attribute[code]=value``."""
    return {
        name.removeprefix("attribute[").split("]")[0]: value
        for name, value in given.items()
        if name.startswith("attribute[") and value
    }
