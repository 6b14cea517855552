"""Days and hours as people write them: ISO dates, 2月5日至11日, the text of a notice, 08:30–12:00.

A notice is read sentence by sentence: the days before 放假 are off, those before 上班 are worked. What is
not read is given back, for whoever typed it to see.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from linli.kernel.calendar import Hours

__all__ = ["Days", "days_of", "hours_in", "notice_of"]

_DATE: Final = r"(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日)"
_SPAN: Final = re.compile(rf"{_DATE}(?:\s*(?:至|到|~|-|–|—|to|until)+\s*{_DATE})?")
_BRACKETED: Final = re.compile(r"\([^()]{0,20}\)")
_BETWEEN: Final = re.compile(r"[\s,、;。和及与and:]+")
_SENTENCE: Final = re.compile(r"[。;\n]+")
_WORKED: Final = ("上班", "补班", "worked", "work:")
_OFF: Final = ("放假", "调休", "休息", "补休", "off", "rest:")
_HOURS: Final = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|—|~|至|到|to)\s*(\d{1,2})[:.](\d{2})")
LONGEST: Final = 60
"""Days: no holiday lasts longer; a span that does was mistyped."""


@dataclass
class Days:
    """Days that were read, and the pieces that were not."""

    days: list[dt.date] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def _plain(text: str) -> str:
    return _BRACKETED.sub("", unicodedata.normalize("NFKC", text))


def days_of(text: str, year: int) -> Days:
    """The days that a list of dates and spans names; a date without a year is of ``year``."""
    plain, found = _plain(text), Days()
    _read(plain, year, found)
    for piece in _BETWEEN.split(_SPAN.sub(" ", plain)):
        if piece:
            found.unread.append(piece[:40])
    return found


def notice_of(text: str, year: int) -> tuple[Days, Days]:
    """The days off and the made-up workdays that the text of a notice names."""
    rest, worked = Days(), Days()
    for sentence in _clauses(_plain(text)):
        says_worked = any(word in sentence for word in _WORKED)
        if says_worked or any(word in sentence for word in _OFF):
            _read(sentence, year, worked if says_worked else rest)
    return rest, worked


def _clauses(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        both = any(word in sentence for word in _WORKED) and any(word in sentence for word in _OFF)
        yield from re.split(r",", sentence) if both else (sentence,)


def _read(text: str, year: int, found: Days) -> None:
    month: int | None = None
    for match in _SPAN.finditer(text):
        parts = match.groups()
        first, year_of_first, month = _date(parts[:6], year, month)
        last = first
        if any(parts[6:]):
            last, _, month = _date(parts[6:], year_of_first, month)
        if first is None or last is None or not 0 <= (last - first).days < LONGEST:
            found.unread.append(match[0][:40])
            continue
        found.days += [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _date(
    parts: tuple[str | None, ...], year: int, month: int | None
) -> tuple[dt.date | None, int, int | None]:
    """A date, and the year and month that go on for those after it that name none."""
    stated = parts[0] or parts[3]
    in_month = parts[1] or parts[4]
    year = int(stated) if stated else year
    month = int(in_month) if in_month else month
    try:
        return dt.date(year, month or 0, int(parts[2] or parts[5] or 0)), year, month
    except ValueError:
        return None, year, month


def hours_in(text: str) -> tuple[Hours, str]:
    """Opening and closing times, and what of the text is none."""
    plain, found = unicodedata.normalize("NFKC", text), []
    for match in _HOURS.finditer(plain):
        opens, closes = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
        if max(opens[0], closes[0]) > 23 or max(opens[1], closes[1]) > 59:
            return (), match[0]
        found.append((dt.time(*opens), dt.time(*closes)))
    left = "".join(piece for piece in re.split(r"[\s,、;和]+", _HOURS.sub(" ", plain)) if piece)
    return tuple(found), left[:40]
