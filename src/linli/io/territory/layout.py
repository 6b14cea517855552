"""Where a table begins and what in it is no data: titles, heads of two rows, totals, remarks, repeated heads.

Counties publish lists as they print them. A head is known by the names of columns that Linli knows; where
none is asked for, a title is known by filling a small part of the row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Head", "Sorted", "find_head", "is_remark", "is_total", "sorted_rows"]

SEARCHED: Final = 20
"""Rows at the top among which the head is looked for."""
LEADING: Final = 4
"""Cells at the start of a row in which the word for a total may stand."""
WIDEST_TITLE: Final = 0.5
TOTAL: Final = re.compile(r"[\u4e00-\u9fff]{0,10}(?:合计|小计|总计|共计)|总数|subtotal|total", re.IGNORECASE)
REMARK: Final = re.compile(
    r"(?:注|备注|附注|说明|数据来源|来源|填表|制表|审核|填报|负责|联系|统计时间|截至|打印)[\s\S]*"
)
NUMBER: Final = re.compile(r"[+\-]?[0-9０-９][0-9０-９.,，/:\-年月日Ee+ ]*")

Known = Callable[[str], bool]
Record = Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Head:
    """The names of the columns, the records that hold them, and the texts of the titles above."""

    names: tuple[str, ...]
    first: int
    last: int
    titles: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether the head is the first record alone, as tables made for programs have it."""
        return self.last == 0


def find_head(records: Sequence[Record], known: Known | None) -> Head:
    """The head of a table with at least one record: one row of names, or two where names are merged above."""
    first = _by_shape(records) if known is None else _by_names(records, known)
    names, last = _names(records[first]), first
    if known is not None and first + 1 < len(records):
        joined = _joined(records[first], records[first + 1], known)
        if joined is not None:
            names, last = joined, first + 1
    titles = tuple(cell.strip() for record in records[:first] for cell in record if cell.strip())
    return Head(names=names, first=first, last=last, titles=titles)


def _names(record: Record) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in record)


def _by_names(records: Sequence[Record], known: Known) -> int:
    """The first record that holds two names of columns or more; else the first that looks like a head."""
    scores = [sum(known(cell) for cell in record) for record in records[:SEARCHED]]
    if scores[0] >= 2:
        return 0
    found = next((row for row, score in enumerate(scores) if score >= 2), None)
    if found is None:
        return _by_shape(records)
    # The upper row of two may hold a single name that is known.
    whole = _joined(records[found - 1], records[found], known) if found else None
    return found - 1 if whole is not None and sum(map(known, whole)) > scores[found] else found


def _by_shape(records: Sequence[Record]) -> int:
    """The first record that fills at least half of the table's width; a title fills less."""
    widths = [sum(bool(cell.strip()) for cell in record) for record in records[:SEARCHED]]
    widest = max(widths)
    if widest < 3:
        return 0
    return next(row for row, width in enumerate(widths) if width >= widest * WIDEST_TITLE)


def _joined(upper: Record, lower: Record, known: Known) -> tuple[str, ...] | None:
    """The names of a head of two rows; ``None`` if the second row is none of it.

    A name merged over several columns stands in the first of them, one merged over both rows in the upper.
    """
    width = max(len(upper), len(lower))
    above = [*map(str.strip, upper), *[""] * (width - len(upper))]
    below = [*map(str.strip, lower), *[""] * (width - len(lower))]
    alone = sum(map(known, above))
    if any(NUMBER.fullmatch(cell) for cell in below):
        return None
    # What is merged over both rows leaves the lower cell empty; a row of data fills it.
    if not any(known(top) and not low for top, low in zip(above, below, strict=True)):
        return None
    names, group = [], ""
    for top, low in zip(above, below, strict=True):
        group = top or (group if low else "")
        names.append(_best(group, low, known) if low else top)
    told = any(low and known(name) for low, name in zip(below, names, strict=True))
    return tuple(names) if told and sum(map(known, names)) >= alone else None


def _best(group: str, low: str, known: Known) -> str:
    """Of the ways to read a name under another the first that is known, else both."""
    ways = (low + group, group + low, low) if group and group != low else (low,)
    return next((way for way in ways if known(way)), ways[0])


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """Records below a head: those that are data, and the rows that are not, by what they are."""

    kept: tuple[int, ...]
    totals: tuple[int, ...]
    remarks: tuple[int, ...]
    repeated: tuple[int, ...]


def sorted_rows(records: Sequence[Record], head: Head) -> Sorted:
    """Which of the records below the head are data, and which are totals, remarks and the head again."""
    kept: list[int] = []
    totals: list[int] = []
    remarks: list[int] = []
    repeated: list[int] = []
    for index in range(head.last + 1, len(records)):
        record = records[index]
        if is_total(record):
            totals.append(index)
        elif is_remark(record):
            remarks.append(index)
        elif _names(record) == _names(records[head.first]) and sum(map(bool, record)) > 1:
            repeated.append(index)
        else:
            kept.append(index)
    return Sorted(kept=tuple(kept), totals=tuple(totals), remarks=tuple(remarks), repeated=tuple(repeated))


def is_total(record: Record) -> bool:
    """Whether a row sums others up: the word stands by itself among its first cells."""
    return any(TOTAL.fullmatch(re.sub(r"[\s:：]", "", cell)) for cell in record[:LEADING])


def is_remark(record: Record) -> bool:
    """Whether a row is one remark and nothing else."""
    filled = [cell.strip() for cell in record if cell.strip()]
    return len(filled) == 1 and REMARK.fullmatch(filled[0]) is not None
