"""How many disputes were settled: as the plans count it, and as it looks ninety days later.

Pure arithmetic; what each figure means and what it cannot say is in docs/methods/settled-rate.md. The
plans' figure (Q5: 975 of 1,008; H8: 255 of 289) counts agreements on the day they are reached. The honest
one asks, for every agreement, whether it still held ninety days after it was to be fulfilled.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from linli.kernel.measures import Percent, Ratio, as_percent

__all__ = [
    "CHECK_DAYS",
    "Agreed",
    "Found",
    "Kept",
    "Share",
    "check_day",
    "kept_share",
    "settled_share",
    "verdict",
]

CHECK_DAYS: Final = 90
"""Days after an agreement was to be fulfilled until it is asked whether it held."""

Verdict = Literal["kept", "not_kept", "not_yet", "unchecked"]


@dataclass(frozen=True)
class Share:
    """A part of a whole, both as counts."""

    part: int
    whole: int

    @property
    def ratio(self) -> Ratio | None:
        """Part ÷ whole; ``None`` where the whole is nothing."""
        return None if self.whole == 0 else Ratio(self.part / self.whole)

    @property
    def percent(self) -> Percent | None:
        """The same in percent."""
        ratio = self.ratio
        return None if ratio is None else as_percent(ratio)


@dataclass(frozen=True, kw_only=True)
class Found:
    """One dispute: the day it was found, and the day its first agreement was reached."""

    found_on: dt.date
    settled_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """One agreement and what became of it."""

    reached_on: dt.date
    due_on: dt.date
    """The last day on which something was to be done."""
    fulfilled_on: dt.date | None = None
    """When the last of it was done."""
    broken_on: dt.date | None = None
    """When something was found not to be done."""
    relapsed_on: dt.date | None = None
    checked: bool | None = None
    """What the check after ninety days found; ``None`` where nobody has asked."""


@dataclass(frozen=True)
class Kept:
    """The honest figure, with everything that it leaves out."""

    kept: int
    judged: int
    not_yet: int
    """Agreements whose ninety days have not passed."""
    unchecked: int
    """Agreements whose ninety days have passed and about which nobody has asked."""

    @property
    def share(self) -> Share:
        """Kept ÷ judged."""
        return Share(self.kept, self.judged)

    @property
    def least(self) -> Share:
        """As if none of the unchecked ones had held."""
        return Share(self.kept, self.judged + self.unchecked)

    @property
    def most(self) -> Share:
        """As if all of the unchecked ones had held."""
        return Share(self.kept + self.unchecked, self.judged + self.unchecked)


def settled_share(disputes: Iterable[Found], first: dt.date, last: dt.date) -> Share:
    """Of the disputes found in a period, those with an agreement by its last day.

    Parameters
    ----------
    disputes : iterable of Found
        Any disputes; those found outside the period do not count.
    first, last : datetime.date
        The period, both days included.

    References
    ----------
    Q5 (Qiubei 2010, section 1.3): 1,008 found, 975 settled = 96.7 %. H8 (Hengshan 2020, section 3): 289, 255.

    Examples
    --------
    >>> day = dt.date(2010, 3, 1)
    >>> settled_share([Found(found_on=day, settled_on=day), Found(found_on=day)], day, day)
    Share(part=1, whole=2)
    >>> settled_share([], day, day).ratio is None
    True
    """
    counted = [one for one in disputes if first <= one.found_on <= last]
    return Share(sum(one.settled_on is not None and one.settled_on <= last for one in counted), len(counted))


def check_day(due_on: dt.date) -> dt.date:
    """The day from which it can be said whether an agreement held."""
    return due_on + dt.timedelta(days=CHECK_DAYS)


def verdict(agreement: Agreed, today: dt.date) -> Verdict:
    """Whether an agreement held for ninety days.

    Nothing is judged before the ninety days have passed, not even what is known to be broken: failures
    would count at once and successes only later, and a young year would look worse than it is.
    """
    day = check_day(agreement.due_on)
    if today < day:
        return "not_yet"
    ends = (agreement.broken_on, agreement.relapsed_on)
    if any(end is not None and end <= day for end in ends):
        return "not_kept"
    if agreement.fulfilled_on is None or agreement.fulfilled_on > day:
        return "not_kept"
    if agreement.checked is None:
        return "unchecked"
    return "kept" if agreement.checked else "not_kept"


def kept_share(agreements: Iterable[Agreed], first: dt.date, last: dt.date, today: dt.date) -> Kept:
    """Of the agreements reached in a period whose ninety days have passed, those that held.

    Examples
    --------
    >>> day = dt.date(2026, 1, 5)
    >>> one = Agreed(reached_on=day, due_on=day, fulfilled_on=day, checked=True)
    >>> kept_share([one], day, day, today=day)
    Kept(kept=0, judged=0, not_yet=1, unchecked=0)
    >>> kept_share([one], day, day, today=day + dt.timedelta(days=90)).share
    Share(part=1, whole=1)
    >>> kept_share([], day, day, today=day).share.ratio is None
    True
    """
    found = Counter(verdict(one, today) for one in agreements if first <= one.reached_on <= last)
    return Kept(found["kept"], found["kept"] + found["not_kept"], found["not_yet"], found["unchecked"])
