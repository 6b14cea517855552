"""Areas and what rates are over: residents in force on a day, staff in post month by month, days."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linli.assessment.indicators.model import AreaKind
from linli.assessment.indicators.periods import ReportPeriod, month_number
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue

__all__ = ["TERRITORY", "Areas", "Window"]

say = catalogue("linli.assessment.indicators")

Numbers = NDArray[np.float64]
Window = tuple[int, int]
"""First and last month of what counts, as month numbers."""

TERRITORY: Final = "territory"
"""What the whole territory is called where the areas' table has no row for it."""
PEOPLE: Final = ("residents", "households", "villages")
STAFF: Final[Mapping[str, tuple[str, bool, bool]]] = {
    "officers": ("officer", False, False),
    "community_officers": ("officer", True, False),
    "auxiliaries": ("auxiliary", False, False),
    "grid_workers": ("grid_worker", False, False),
    "village_assistants": ("village_assistant", False, False),
    "officer_weeks": ("officer", False, True),
    "community_officer_weeks": ("officer", True, True),
    "auxiliary_weeks": ("auxiliary", False, True),
}
"""Exposures of the staff in post: the role, whether of a beat alone, whether weeks in post are added up."""


@dataclass
class Areas:
    """The dimension tables of a dataset, small, in memory."""

    table: pd.DataFrame
    staff: pd.DataFrame
    _sums: dict[tuple[AreaKind, str, bool], pd.DataFrame] = field(default_factory=dict)
    _in_force: dict[tuple[AreaKind, ReportPeriod], pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def territory(self) -> str:
        """The code of the whole.

        Raises
        ------
        LinliError
            The table has more than one territory.
        """
        found = sorted(set(self.table.loc[self.table["kind"] == "territory", "code"]))
        if len(found) > 1:
            raise LinliError(say("areas.territories", codes=", ".join(found)))
        return str(found[0]) if found else TERRITORY

    def in_force(self, kind: AreaKind, period: ReportPeriod) -> pd.DataFrame:
        """The areas of a kind in a period, each once: as it was last in it; indexed by code."""
        if (kind, period) not in self._in_force:
            self._in_force[kind, period] = self._last(kind, period)
        return self._in_force[kind, period]

    def _last(self, kind: AreaKind, period: ReportPeriod) -> pd.DataFrame:
        rows = self.table[self.table["kind"] == kind]
        begun = rows["valid_from"] <= pd.Timestamp(period.last_day)
        ended = rows["valid_to"].notna() & (rows["valid_to"] < pd.Timestamp(period.first_day))
        rows = rows[begun & ~ended].sort_values("valid_from", kind="stable")
        return rows.drop_duplicates("code", keep="last").set_index("code").sort_index()

    def codes(self, kind: AreaKind, period: ReportPeriod) -> tuple[str, ...]:
        """Codes of the areas of a kind in a period, in order."""
        if kind == "territory":
            return (self.territory,)
        return tuple(self.in_force(kind, period).index)

    def parent(self, kind: AreaKind, code: str) -> str | None:
        """The area above one, as last known."""
        rows = self.table[(self.table["kind"] == kind) & (self.table["code"] == code)]
        if rows.empty:
            return None
        found = rows.sort_values("valid_from")["parent"].iloc[-1]
        return None if pd.isna(found) else str(found)

    def name(self, code: str) -> Text:
        """What an area is called, as last known; its code where nothing is."""
        rows = self.table[self.table["code"] == code].sort_values("valid_from")
        if rows.empty:
            return Text(code, code)
        row = rows.iloc[-1]
        english = row["name_en"] if isinstance(row["name_en"], str) and row["name_en"] else row["name_zh"]
        return Text(str(row["name_zh"]), str(english))

    def exposure(
        self, name: str, kind: AreaKind, codes: Sequence[str], period: ReportPeriod, window: Window
    ) -> Numbers:
        """What a rate is over, for each area; ``nan`` where it is not known.

        Days and weeks are those of the window, from which records count; people are those of the period.
        """
        if name in ("days", "weeks"):
            return np.full(len(codes), _days(window) / (7.0 if name == "weeks" else 1.0))
        if name in PEOPLE:
            return self._people(name, kind, codes, period)
        role, in_beats, weeks = STAFF[name]
        months = window if weeks else (period.first, period.last)
        return self._in_post((kind, role, in_beats), codes, months, weeks=weeks)

    def _people(self, name: str, kind: AreaKind, codes: Sequence[str], period: ReportPeriod) -> Numbers:
        """An area's own number, else the sum of those below it where all of them are known."""
        below: dict[AreaKind, AreaKind] = {"territory": "station", "station": "beat"}
        rows = self.in_force(kind, period)
        own: Numbers = rows[name].reindex(list(codes)).to_numpy(dtype=np.float64, na_value=np.nan)
        if kind not in below or not np.isnan(own).any():
            return own
        inner = self.in_force(below[kind], period)
        values = self._people(name, below[kind], list(inner.index), period)
        parents = np.full(len(inner), codes[0]) if kind == "territory" else inner["parent"].to_numpy()
        sums = pd.Series(values).groupby(parents).agg(lambda v: v.sum(skipna=False))
        summed: Numbers = sums.reindex(list(codes)).to_numpy(dtype=np.float64)
        return np.where(np.isnan(own), summed, own)

    def _in_post(
        self, who: tuple[AreaKind, str, bool], codes: Sequence[str], window: Window, *, weeks: bool
    ) -> Numbers:
        """Staff in post: the mean of the window's months, or weeks in post; unknown where a month is."""
        if who[0] == "post":
            return np.full(len(codes), np.nan)
        months = list(range(window[0], window[1] + 1))
        table = self._staff(*who).reindex(index=list(codes), columns=months)
        numbers = table.to_numpy(dtype=np.float64)
        if weeks:
            return np.asarray(numbers @ np.array([_days((m, m)) / 7.0 for m in months]))
        return np.asarray(numbers.mean(axis=1))

    def _staff(self, kind: AreaKind, role: str, in_beats: bool) -> pd.DataFrame:  # noqa: FBT001 - a key
        """People of a role by area and month number. A known month without the role counts as none."""
        if (kind, role, in_beats) not in self._sums:
            rows = self.staff
            area: Any = self.territory if kind == "territory" else rows[kind]
            counts = (rows["role"] == role) & (rows["beat"].notna() | (not in_beats))
            counted = rows["actual"].where(counts, 0.0)
            frame = pd.DataFrame({"area": area, "month": rows["month"].map(month_number), "people": counted})
            self._sums[kind, role, in_beats] = frame.pivot_table(
                index="area", columns="month", values="people", aggfunc="sum", observed=True
            )
        return self._sums[kind, role, in_beats]


def _days(window: Window) -> int:
    return sum(calendar.monthrange(m // 12, m % 12 + 1)[1] for m in range(window[0], window[1] + 1))
