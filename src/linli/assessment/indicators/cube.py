"""Sums by month made into sums over any window of months, for posts, beats, stations or the territory.

All that is counted adds up: a station is its beats and what belongs to no beat, a quarter its months.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from linli.assessment.indicators.areas import Window
from linli.assessment.indicators.model import AreaKind
from linli.assessment.indicators.periods import month_number

__all__ = ["Cube", "area_column", "cube_of"]

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Cube:
    """Running sums of each column over the months, by area. ``first`` is the first month's number."""

    codes: tuple[str, ...]
    first: int
    months: int
    columns: dict[str, Whole]

    def sums(self, column: str, windows: Sequence[Window]) -> Whole:
        """The sums of a column, areas × windows; nothing outside the months that there are."""
        running = self.columns[column]
        starts = np.clip([low - self.first for low, _ in windows], 0, self.months)
        ends = np.clip([high + 1 - self.first for _, high in windows], 0, self.months)
        return running[:, np.maximum(ends, starts)] - running[:, starts]


def area_column(frame: pd.DataFrame, kind: AreaKind, territory: str) -> pd.Series:
    """The area of each row of sums; nothing where a row belongs to no area of the kind."""
    if kind == "territory":
        return pd.Series(territory, index=frame.index)
    return frame[kind]


def cube_of(frame: pd.DataFrame, kind: AreaKind, territory: str, codes: Sequence[str]) -> Cube:
    """The running sums of all number columns of a frame of sums by month and area.

    Areas that records name and ``codes`` does not are there too, so that no record is lost.
    """
    areas = area_column(frame, kind, territory)
    kept = frame[areas.notna()]
    areas = areas[areas.notna()].astype(str)
    every = tuple(sorted(set(codes) | set(areas)))
    place = pd.Index(every).get_indexer(areas)
    months = kept["month"].map(month_number).to_numpy(dtype=np.int64)
    first = int(months.min()) if len(months) else 0
    count = int(months.max()) - first + 1 if len(months) else 0
    columns = {}
    for name in kept.columns.difference(["station", "beat", "post", "month"]):
        sums = np.zeros((len(every), count + 1), dtype=np.int64)
        np.add.at(sums, (place, months - first + 1), kept[name].to_numpy(dtype=np.int64))
        columns[str(name)] = sums.cumsum(axis=1)
    return Cube(every, first, count, columns)
