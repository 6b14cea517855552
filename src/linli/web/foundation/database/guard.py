"""The last check before the database: no value that fails on one database or breaks its later readers.

Forms, filters and the API read what comes in by the functions of ``foundation/border``. Whatever still gets
past them, by a way that nobody thought of, stops here with a sentence (422) instead of a 500, and the same on
SQLite as on PostgreSQL. All tables are guarded, those of libraries too, and all statements, many rows at
once included. A restore puts rows back without passing here.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.characters import unkeepable
from linli.web.foundation.border.numbers import MOST

__all__ = ["FIRST", "LAST", "Guard", "statement"]

_say = catalogue("linli.web.foundation.database")

FIRST: Final = dt.date(1900, 1, 1)
LAST: Final = dt.date(2199, 12, 31)
"""Wider than what people may write, and fixed: a clock that jumps makes no row unreadable."""
_NEVER: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""What django-tasks-db writes for a task that waits for no moment."""


def statement(
    execute: Callable[..., Any],
    sql: str,
    params: Any,
    many: bool,  # noqa: FBT001 - Django calls it so
    context: Mapping[str, Any],
) -> Any:
    """Run a statement whose values can be kept; one of Django's ``execute_wrappers``."""
    if params:
        for row in params if many else (params,):
            _values(row.values() if isinstance(row, Mapping) else row)
    return execute(sql, params, many, context)


def _values(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, str):
            if unkeepable(value):
                raise Invalid(_say("characters"))
        elif isinstance(value, list | tuple):
            _values(value)
        else:
            _number(value)


def _number(value: Any) -> None:
    fits = (
        -MOST - 1 <= value <= MOST
        if isinstance(value, int)
        else math.isfinite(value)
        if isinstance(value, float)
        else True
    )
    if not fits:
        raise Invalid(_say("number"))


def _json(value: Any) -> None:
    if isinstance(value, Mapping):
        _json(list(value))
        _json(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            _json(one)
    elif isinstance(value, str):
        if unkeepable(value):
            raise Invalid(_say("characters"))
    elif isinstance(value, float) and not math.isfinite(value):
        raise Invalid(_say("number"))


def _moment(value: Any) -> None:
    day = value.date() if isinstance(value, dt.datetime) else value
    if isinstance(day, dt.date) and not FIRST <= day <= LAST and value != _NEVER:
        raise Invalid(_say("moment", first=FIRST, last=LAST))


class Guard:
    """Mixed into a database's operations: every day, moment and JSON value passes here on its way there."""

    def adapt_datefield_value(self, value: Any) -> Any:
        """A day, if it lies within the bounds."""
        _moment(value)
        return super().adapt_datefield_value(value)  # type: ignore[misc]

    def adapt_datetimefield_value(self, value: Any) -> Any:
        """A moment, if it lies within the bounds."""
        _moment(value)
        return super().adapt_datetimefield_value(value)  # type: ignore[misc]

    def adapt_json_value(self, value: Any, encoder: Any) -> Any:
        """A JSON value, if all its texts and numbers can be kept."""
        _json(value)
        return super().adapt_json_value(value, encoder)  # type: ignore[misc]
