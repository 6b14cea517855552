"""The days off that the law itself fixes, for years whose notice is not out.

State Council Decree 795 (2024): New Year, four days of Spring Festival from its eve on, Qingming, two days
of Labour Day, Dragon Boat, Mid-Autumn, three National Days. ``statutory_days.csv`` holds 2027 to 2035, lunar
days reckoned; of years beyond it only the days fixed by date are known. Which days are moved or made up for
is for the notice.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from linli.kernel.texts import Text

__all__ = ["statutory_days"]

FIXED: Final[Mapping[tuple[int, int], Text]] = {
    (1, 1): Text(zh="元旦", en="New Year's Day"),
    (5, 1): Text(zh="劳动节", en="Labour Day"),
    (5, 2): Text(zh="劳动节", en="Labour Day"),
    (10, 1): Text(zh="国庆节", en="National Day"),
    (10, 2): Text(zh="国庆节", en="National Day"),
    (10, 3): Text(zh="国庆节", en="National Day"),
}
"""Month and day of those that do not follow the moon."""


@cache
def statutory_days(year: int) -> Mapping[dt.date, tuple[Text, ...]]:
    """The days off that the law fixes in a year, in order, each with the names of its holidays."""
    known = {day: names for day, names in _table().items() if day.year == year}
    if not known:
        known = {dt.date(year, month, day): (name,) for (month, day), name in FIXED.items()}
    return MappingProxyType(dict(sorted(known.items())))


@cache
def _table() -> Mapping[dt.date, tuple[Text, ...]]:
    source = resources.files(__package__).joinpath("statutory_days.csv").read_text(encoding="utf-8")
    found: dict[dt.date, tuple[Text, ...]] = {}
    for row in csv.DictReader(line for line in source.splitlines() if not line.startswith("#")):
        day = dt.date.fromisoformat(row["date"])
        found[day] = (*found.get(day, ()), Text(zh=row["zh"], en=row["en"]))
    return found
