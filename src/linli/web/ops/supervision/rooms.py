"""Police rooms against their plan (L16): planned and staffed hours of a month, and which rooms are empty.

Pure. Hours come from imported ``duty_hours`` facts (hours in the room) and from what a post states;
imported ones go first, and a statement that differs is shown as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["DIFFERS", "Hours", "Room", "RoomState", "room_of", "rooms_of"]

RoomState = Literal["empty", "short", "staffed", "unknown"]
"""No hour at all; fewer than planned; as planned; nothing is known."""

DIFFERS: Final = 0.5
"""Hours a month by which a statement may differ from imported hours without being marked, for rounding."""


@dataclass(frozen=True)
class Hours:
    """Planned and staffed hours of a room in a month; ``planned`` is ``None`` where the source gives none."""

    planned: float | None
    staffed: float


@dataclass(frozen=True)
class Room:
    """One room in one month."""

    code: str
    name: str
    station: str
    beat: str
    state: RoomState
    planned: float | None
    staffed: float | None
    source: Literal["facts", "statement", "none"]
    stated: Hours | None
    reason: str = ""
    synthetic: bool = False

    @property
    def missing(self) -> float | None:
        """Hours that were planned and not staffed; ``None`` where that is not known."""
        if self.planned is None or self.staffed is None:
            return None
        return max(0.0, self.planned - self.staffed)

    @property
    def differs(self) -> bool:
        """Whether the post's statement is another than the imported hours."""
        if self.source != "facts" or self.stated is None or self.staffed is None:
            return False
        return abs(self.stated.staffed - self.staffed) > DIFFERS


def state_of(hours: Hours | None) -> RoomState:
    """What a room's hours say.

    Examples
    --------
    >>> state_of(Hours(80.0, 60.0)), state_of(Hours(80.0, 0.0)), state_of(Hours(80.0, 80.0)), state_of(None)
    ('short', 'empty', 'staffed', 'unknown')
    >>> state_of(Hours(None, 5.0)), state_of(Hours(0.0, 0.0))
    ('unknown', 'staffed')
    """
    if hours is None or hours.planned is None:
        return "unknown"
    if hours.planned > 0 and hours.staffed <= 0:
        return "empty"
    return "short" if hours.staffed < hours.planned else "staffed"


def room_of(
    post: tuple[str, str, str, str],
    facts: Hours | None,
    stated: Hours | None,
    *,
    reason: str = "",
    synthetic: bool = False,
) -> Room:
    """One room from what is known of it; ``post`` is its code, name, station and beat."""
    hours = facts if facts is not None else stated
    return Room(
        *post,
        state=state_of(hours),
        planned=None if hours is None else hours.planned,
        staffed=None if hours is None else hours.staffed,
        source="facts" if facts is not None else "statement" if stated is not None else "none",
        stated=stated,
        reason=reason,
        synthetic=synthetic,
    )


_ORDER: Final[Mapping[RoomState, int]] = {"empty": 0, "short": 1, "unknown": 2, "staffed": 3}


def rooms_of(rooms: Iterable[Room]) -> list[Room]:
    """Rooms in the order in which they want attention: empty ones, then by the hours that are missing."""
    return sorted(rooms, key=lambda one: (_ORDER[one.state], -(one.missing or 0.0), one.station, one.code))
