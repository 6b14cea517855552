"""Five in time (clause X9): a request is accepted, reported, handled, resolved and answered, each in time.

docs/methods/five-in-time.md defines each moment, the limit it is held against, and the figures.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from linli.web.foundation.casework.models import Case
from linli.web.ops.requests.models import Five

__all__ = ["KIND", "STEPS", "Mark", "Standing", "follow_five", "marks"]

KIND: Final = "request"
STEPS: Final = ("accepted", "reported", "handled", "resolved", "answered")
_RANK: Final[Mapping[str, int]] = {
    "received": 0,
    "accepted": 1,
    "reported": 2,
    "handling": 3,
    "waiting": 3,
    "resolved": 4,
    "closed": 5,
}
"""How many of the five are done when a request is in a state."""
_TURNED_DOWN: Final = frozenset({"not_ours", "withdrawn"})
"""Results of a request that is not taken on: it was decided upon and answered, the rest was not asked."""

Standing = Literal["in_time", "late", "running", "overdue", "open", "not_asked"]


@dataclass(frozen=True)
class Mark:
    """One of the five moments of a round."""

    step: str
    due: dt.datetime | None
    done: dt.datetime | None
    standing: Standing


def follow_five(case: Case, at: dt.datetime, *, opened: bool = False) -> None:
    """Write down what a change to a request has done of the five; ``opened``: it has just come in."""
    if case.case_type != KIND:
        return
    row = None if opened else Five.objects.filter(case=case).order_by("-round").first()
    if row is None:
        row = _new_round(case, 1, case.opened_at)
    elif case.merged_into_id is not None:
        row.void = True
    elif row.void:
        # Opened again on its own, since its sender said that it was not the same.
        row = _new_round(case, row.round + 1, at)
    elif row.state == "closed" and case.closed_at is None:
        row = _new_round(case, row.round + 1, at)
    elif row.state != case.state:
        _moved(row, case, at)
    row.station_code, row.beat_code, row.place_code = case.station_code, case.beat_code, case.place_code
    row.state = case.state
    _set_limits(row, case)
    row.save()


def _new_round(case: Case, number: int, at: dt.datetime) -> Five:
    return Five(case=case, round=number, opened_at=at, state=case.state)


def _moved(row: Five, case: Case, at: dt.datetime) -> None:
    before, after = _RANK.get(row.state, 0), _RANK.get(case.state, 0)
    if after < before:
        for step in STEPS[after:before]:
            setattr(row, f"{step}_at", None)
        return
    done = STEPS[before:after]
    if case.result in _TURNED_DOWN:
        done = tuple(step for step in done if step in ("accepted", "answered"))
    running = getattr(row, f"{done[0]}_due") if done else None
    for step in done:
        # One move that does several is held against the clock that ran when it was made.
        if getattr(row, f"{step}_due") is None:
            setattr(row, f"{step}_due", running)
        setattr(row, f"{step}_at", at)


def _set_limits(row: Five, case: Case) -> None:
    """The limits that run now; what is done keeps the one it was held against."""
    rank = _RANK.get(case.state, 0)
    if case.closed_at is not None:
        for step in STEPS:
            if getattr(row, f"{step}_at") is None:
                setattr(row, f"{step}_due", None)
        return
    for number, step in enumerate(STEPS[:3]):
        if number >= rank:
            setattr(row, f"{step}_due", case.state_due_at if number == rank else None)
    if rank < 4:
        # Time that ran out before a pause does not come back with it.
        out = case.case_due_at is None and case.remaining_seconds == 0
        row.resolved_due = row.answered_due = row.resolved_due if out else case.case_due_at
    else:
        row.answered_due = case.state_due_at


def marks(row: Five, at: dt.datetime) -> tuple[Mark, ...]:
    """The five moments of a round as they stand at a moment."""
    return tuple(_mark(row, step, at) for step in STEPS)


def _mark(row: Five, step: str, at: dt.datetime) -> Mark:
    due, done = getattr(row, f"{step}_due"), getattr(row, f"{step}_at")
    standing: Standing
    if done is not None:
        standing = "in_time" if due is None or done <= due else "late"
    elif row.state == "closed" or row.void:
        standing = "not_asked"
    elif due is None:
        standing = "open"
    else:
        standing = "running" if at <= due else "overdue"
    return Mark(step, due, done, standing)
