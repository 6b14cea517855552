"""One line of the file with the heads: how it is written and sealed, and what it says.

Now and then a line sums up those before it, so that whoever looks every ten minutes reads the end alone.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from linli.web.foundation.audit.sealing import mac, mac_fits
from linli.web.foundation.audit.verifying import Head

__all__ = ["Kind", "Line", "Sum", "parsed", "sealed", "written"]

_PURPOSE: Final = "audit heads"
_MOST_FORGED: Final = 20
"""Numbers of lines that a sum carries on."""

Kind = Literal["heads", "broken", "restored"]


@dataclass(frozen=True)
class Sum:
    """What the lines before a line come to."""

    line: int
    """The number of the line that carries it."""
    highest: tuple[Head, ...] = ()
    broken: int = 0
    """The first line that says broken; the line itself for what came broken out of a backup; 0 for none."""
    forged: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line that carries its seal."""

    at: dt.datetime
    kind: Kind
    heads: tuple[Head, ...]
    previous: str
    """The seal of the line before it."""
    mac: str
    sum: Sum | None = None


def written(at: dt.datetime, kind: Kind, standing: Iterable[Head], previous: str, summed: Sum | None) -> str:
    """The text of a line, with its seal."""
    content: dict[str, Any] = {
        "at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "kind": kind,
        "heads": _plain(standing),
        "previous": previous,
    }
    if summed is not None:
        content["sum"] = {
            "line": summed.line,
            "highest": _plain(summed.highest),
            "broken": summed.broken,
            "forged": summed.forged[:_MOST_FORGED],
        }
    return json.dumps({**content, "mac": mac(_PURPOSE, _text(content))}, separators=(",", ":"))


def parsed(line: bytes) -> dict[str, Any] | None:
    """A line of the file; ``None`` for one that broke off, which the next one does not build on."""
    try:
        given = json.loads(line)
        return given if isinstance(given["mac"], str) else None
    except RecursionError:
        # Nobody wrote that by breaking off.
        return {"mac": ""}
    except (ValueError, TypeError, KeyError):
        return None


def sealed(content: dict[str, Any]) -> Line | None:
    """What a line says; ``None`` where it does not carry its seal."""
    rest = {name: value for name, value in content.items() if name != "mac"}
    try:
        if not mac_fits(_PURPOSE, _text(rest), content["mac"]):
            return None
    except RecursionError:
        return None
    at, summed = dt.datetime.fromisoformat(rest["at"]), rest.get("sum")
    return Line(
        at=at,
        kind=rest["kind"],
        heads=_heads(rest["heads"]),
        previous=rest["previous"],
        mac=content["mac"],
        sum=None if summed is None else _sum(summed),
    )


def _sum(given: dict[str, Any]) -> Sum:
    return Sum(given["line"], _heads(given["highest"]), given["broken"], tuple(given["forged"]))


def _plain(standing: Iterable[Head]) -> list[list[Any]]:
    return [[one.lane, one.count, one.last] for one in standing]


def _heads(given: Iterable[Iterable[Any]]) -> tuple[Head, ...]:
    return tuple(Head(int(lane), int(count), str(last)) for lane, count, last in given)


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
