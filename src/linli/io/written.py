"""Numbers, degrees, days and hours as people and spreadsheet programs write them.

What can be read in one way only is read, and said to have been written otherwise than plainly; what says
"about" or could mean two things is no number and no day.
"""

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

__all__ = ["Degrees", "Moment", "Whole", "degrees_of", "moment_of", "whole_of"]

PLAIN: Final = re.compile(r"[+-]?[0-9]{1,18}(\.0)?")
GROUPED: Final = r"[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]{1,18}"
SPELT: Final = re.compile(
    rf"(?P<number>{GROUPED})(?P<part>\.[0-9]{{1,8}})?\s?(?P<scale>[万千]?)\s?(?P<unit>[^\W\d]?)"
)
SCALES: Final = {"": 1, "千": 1_000, "万": 10_000}
DEGREES: Final = re.compile(
    r"(?P<before>东经|北纬|[en])?\s*(?P<degrees>[0-9]{1,3})[°º度]\s*"
    r"(?:(?P<minutes>[0-9]{1,2}(?:\.[0-9]+)?)['′’分]\s*)?"
    r"(?:(?P<seconds>[0-9]{1,2}(?:\.[0-9]+)?)(?:\"|″|”|''|′′|秒)\s*)?(?P<after>[en])?"
)
LABELLED: Final = re.compile(r"(?:东经|北纬|[en])?\s*(?P<number>[0-9]{1,3}(?:\.[0-9]+)?)\s*[°º度]?\s*[en]?")
DAY: Final = re.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[-/.年])(?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"
)
DIGITS: Final = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
HOUR: Final = re.compile(
    r"(?P<hour>[0-9]{1,2})[:时点](?:(?P<minute>[0-9]{1,2})(?:[:分](?:(?P<second>[0-9]{1,2})(?:\.[0-9]+)?秒?)?)?)?"
)
SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
FIRST_SERIAL: Final = 20_000.0
LAST_SERIAL: Final = 80_000.0
"""Excel's serial days of October 1954 and January 2119; a number outside is no day."""
EPOCH: Final = dt.datetime(1899, 12, 30, tzinfo=dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Whole:
    """A whole number; ``plain`` if it was written in digits alone."""

    value: int
    plain: bool


@dataclass(frozen=True)
class Degrees:
    """A decimal number; ``plain`` if it was written as one."""

    value: float
    plain: bool


@dataclass(frozen=True)
class Moment:
    """A day, its hour where that was written, and whether it was Excel's number of a day."""

    day: dt.date
    time: dt.time | None
    serial: bool = False


def whole_of(cell: str, units: str = "") -> Whole | None:
    """A count: digits, grouped by thousands, in 万, or with one of the ``units`` (a letter each) after it.

    ``None`` for anything else: "约3000" is an estimate, "3.25万个" no whole number of people.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    if PLAIN.fullmatch(text):
        return Whole(int(text.removesuffix(".0")), plain=True)
    match = SPELT.fullmatch(text)
    if match is None or (match["unit"] and match["unit"] not in units):
        return None
    if "," in match["number"] and " " in match["number"]:
        return None
    digits = re.sub("[, ]", "", match["number"])
    part = (match["part"] or "").removeprefix(".").rstrip("0")
    scale = SCALES[match["scale"]] * int(digits + part)
    value, rest = divmod(scale, 10 ** len(part))
    return None if rest else Whole(value, plain=False)


def degrees_of(cell: str) -> Degrees | None:
    """A decimal number, or degrees, minutes and seconds east or north; ``None`` for anything else."""
    text = unicodedata.normalize("NFKC", cell).strip().lower()
    plain = _decimal(text)
    if plain is not None:
        return Degrees(plain, plain=True)
    # NFKC turns the signs of minutes and seconds into others on the way.
    written = cell.strip().lower()
    match = DEGREES.fullmatch(written)
    if match is not None:
        minutes, seconds = float(match["minutes"] or 0), float(match["seconds"] or 0)
        if minutes < 60 and seconds < 60:
            return Degrees(int(match["degrees"]) + minutes / 60 + seconds / 3600, plain=False)
        return None
    match = LABELLED.fullmatch(text)
    return None if match is None else Degrees(float(match["number"]), plain=False)


def _decimal(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def moment_of(cell: str) -> Moment | None:
    """A day of the calendar, with or without its hour; ``None`` for anything else."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if SERIAL.fullmatch(text):
        return _serial(float(text))
    match = DAY.match(text) or DIGITS.match(text)
    if match is None:
        return None
    rest = text[match.end() :].lstrip("T ") if match.end() < len(text) else ""
    if match.end() < len(text) and text[match.end()] not in "T " and "日" not in match[0]:
        return None
    time = _time(rest)
    if rest and time is None:
        return None
    try:
        return Moment(dt.date(int(match["year"]), int(match["month"]), int(match["day"])), time)
    except ValueError:
        return None


def _time(text: str) -> dt.time | None:
    match = HOUR.fullmatch(text)
    if match is None:
        return None
    try:
        return dt.time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None


def _serial(number: float) -> Moment | None:
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        return None
    at = EPOCH + dt.timedelta(seconds=round(number * 86_400))
    return Moment(at.date(), None if number.is_integer() else at.time(), serial=True)
