"""What a plan could not do, named: nothing that a norm asks for is broken silently."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linli.kernel.texts import Text, catalogue

__all__ = ["PlanException", "PlanExceptionKind"]

PlanExceptionKind = Literal[
    "part_below_minimum",
    "no_division",
    "beats_not_possible",
    "more_parts_than_beats",
    "more_beats_than_units",
    "part_load_outside",
    "heavy_unit",
    "beat_units_outside",
    "beat_load_outside",
]
"""``heavy_unit``: one unit is heavier than a beat may be, stands alone and needs more people or rooms.
``part_*``, ``no_division``: a connected part of a group cannot keep its norm however it is divided.
``beats_*``, ``more_*``: the number of beats asked for cannot be had. ``beat_*``: one beat of the plan is
outside its norm."""


@dataclass(frozen=True, kw_only=True)
class PlanException:
    """One norm that the plan does not keep, where, by how much and against what."""

    kind: PlanExceptionKind
    group: int
    units: tuple[int, ...]
    """The units concerned: a part's, or a beat's."""
    beat: int | None
    measured: float
    """Units, beats or load, as the kind says."""
    least: float
    most: float

    def describe(self, group: str, units: Sequence[str]) -> Text:
        """The exception as a sentence.

        Parameters
        ----------
        group
            The group's name.
        units
            The names of all units of the problem, in order.
        """
        shown = [units[i] for i in self.units[:6]]
        return catalogue("linli.planning.beats")(
            self.kind,
            group=group,
            names=Text(zh="、".join(shown), en=", ".join(shown)),
            more=_say_more(len(self.units) - len(shown)),
            measured=f"{self.measured:,.6g}",
            least=f"{self.least:,.6g}",
            most=f"{self.most:,.6g}",
            worth=self.worth,
        )

    @property
    def worth(self) -> int:
        """How many beats of the target's size the measured load would fill; 1 at least."""
        middle = (self.least + self.most) / 2
        return max(1, round(self.measured / middle)) if middle > 0 else 1


def _say_more(count: int) -> Text:
    return catalogue("linli.planning.beats")("and_more", count=count) if count > 0 else Text(zh="", en="")
