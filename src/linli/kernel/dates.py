"""Dates and periods of plans: both ends are days that count."""

import datetime as dt
from dataclasses import dataclass

__all__ = ["Period"]


@dataclass(frozen=True)
class Period:
    """Days from ``start`` to ``end``, both included; an open end is ``None``.

    Raises
    ------
    ValueError
        The end lies before the start.
    """

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a period from {self.start} cannot end on {self.end}")

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)
