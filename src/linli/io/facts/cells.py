"""Cells of a list as values of a column: what is written in Chinese or English, half or full width."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from linli.assessment.facts.schema import Column
from linli.io.written import moment_of

__all__ = ["CellRefused", "value_of"]

CODE: Final = re.compile(r"[A-Za-z0-9_.:/\-]{1,80}")
MONTH: Final = re.compile(r"(?P<year>[12][0-9]{3})[-/年]?(?P<month>1[0-2]|0?[1-9])月?")
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}(\.0+)?")
NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?")
LONGEST: Final = 200
TRUTHS: Final[Mapping[str, bool]] = {
    "是": True, "有": True, "yes": True, "y": True, "true": True, "1": True,
    "否": False, "无": False, "no": False, "n": False, "false": False, "0": False,
}  # fmt: skip

Value = str | int | float | bool | dt.date | dt.datetime


class CellRefused(ValueError):
    """A cell that is no value of its column; ``kind`` names what was expected."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def value_of(column: Column, cell: str, zone: ZoneInfo) -> Value:
    """The value that a cell, which is not empty, stands for. Moments without a zone are the territory's.

    Raises
    ------
    CellRefused
        It stands for none, or for one outside the column's bounds.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    value = READERS[column.type](column, text, zone)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if column.least is not None and value < column.least:
            raise CellRefused("bounds")
        if column.most is not None and value > column.most:
            raise CellRefused("bounds")
    return value


def _text(column: Column, text: str, zone: ZoneInfo) -> str:
    if len(text) > LONGEST:
        raise CellRefused("text")
    return text


def _code(column: Column, text: str, zone: ZoneInfo) -> str:
    if CODE.fullmatch(text) is None:
        raise CellRefused("code")
    return text


def _word(column: Column, text: str, zone: ZoneInfo) -> str:
    for word, title in column.words.items():
        if text.casefold() in (word, title.zh, title.en.casefold()):
            return word
    if column.open and CODE.fullmatch(text) is not None:
        return text
    raise CellRefused("word")


def _month(column: Column, text: str, zone: ZoneInfo) -> str:
    match = MONTH.fullmatch(text)
    if match is None:
        raise CellRefused("month")
    return f"{match['year']}-{int(match['month']):02}"


def _whole(column: Column, text: str, zone: ZoneInfo) -> int:
    if WHOLE.fullmatch(text) is None:
        raise CellRefused("whole")
    return int(text.partition(".")[0])


def _number(column: Column, text: str, zone: ZoneInfo) -> float:
    if NUMBER.fullmatch(text) is None or not math.isfinite(float(text)):
        raise CellRefused("number")
    return float(text)


def _truth(column: Column, text: str, zone: ZoneInfo) -> bool:
    found = TRUTHS.get(text.casefold())
    if found is None:
        raise CellRefused("truth")
    return found


def _day(column: Column, text: str, zone: ZoneInfo) -> dt.date:
    found = moment_of(text)
    # An hour would be lost and Excel's number of a day be taken for one without a word.
    if found is None or found.serial or found.time not in (None, dt.time()):
        raise CellRefused("day")
    return found.day


def _moment(column: Column, text: str, zone: ZoneInfo) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        written = moment_of(text)
        if written is None or written.serial or written.time is None:
            raise CellRefused("moment") from None
        found = dt.datetime.combine(written.day, written.time)
    local = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    return local.astimezone(dt.UTC)


READERS: Final[Mapping[str, Callable[[Column, str, ZoneInfo], Value]]] = {
    "text": _text,
    "code": _code,
    "word": _word,
    "month": _month,
    "whole": _whole,
    "number": _number,
    "truth": _truth,
    "day": _day,
    "moment": _moment,
}
