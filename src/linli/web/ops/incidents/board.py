"""The board: what waits, what is on its way, what is on scene; the late ones first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import Row, rows
from linli.web.foundation.casework.selectors import Filters, case_page
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.screens.wording import said
from linli.web.ops.incidents.forms import words
from linli.web.ops.incidents.models import Dispatch
from linli.web.ops.incidents.recommendation import Status
from linli.web.ops.incidents.units import KIND, UnitNow, active, by_status, units_for, units_now

__all__ = ["LANES", "TONES", "Board", "Card", "Lane", "board", "elapsed"]

LANES: Final = ("received", "dispatched", "on_scene")
TONES: Final[Mapping[Status, str]] = {
    Status.FREE: "good",
    Status.ASSIGNED: "info",
    Status.ON_SCENE: "progress",
    Status.OFF_DUTY: "neutral",
}
MOST: Final = 150


@dataclass(frozen=True, kw_only=True)
class Card:
    """One incident on the board."""

    row: Row
    since: dt.datetime
    elapsed: str
    """How long it has been in its state, in words."""
    late: bool
    due_at: dt.datetime | None
    units: tuple[tuple[str, str, str], ...]
    """Call signs with what each does, as words and as a tone."""
    more_units: str
    """Who else is on it, where that is nobody: said, for it should not be."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The incidents of one state."""

    id: str
    name: str
    late: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything that is under way, and the units."""

    lanes: tuple[Lane, ...]
    units: tuple[UnitNow, ...]
    counts: Mapping[Status, int]
    more: bool
    """There are more than the board shows."""

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(lane.late for lane in self.lanes)

    @property
    def open(self) -> int:
        """How many are shown."""
        return sum(len(lane.cards) for lane in self.lanes)


def board(actor: Actor, at: dt.datetime) -> Board:
    """The board of an actor; the same number of queries however much is under way."""
    wanted = Filters(kinds=(KIND,), states=LANES, status="open")
    page = case_page(actor, wanted, at=at, size=MOST, order="due")
    sent: dict[int, list[Dispatch]] = {}
    for one in Dispatch.objects.filter(active(), case__in=[case.pk for case in page.cases]).select_related(
        "unit"
    ):
        sent.setdefault(one.case_id, []).append(one)
    shown = [
        (case, _card(case, row, sent.get(case.pk, []), at))
        for case, row in zip(page.cases, rows(page.cases, at), strict=True)
    ]
    units = tuple(units_now(units_for(actor), actor, at))
    return Board(
        lanes=tuple(_lane(state, [card for case, card in shown if case.state == state]) for state in LANES),
        units=units,
        counts=by_status(units),
        more=page.next is not None,
    )


def _lane(state: str, cards: Sequence[Card]) -> Lane:
    return Lane(
        id=state,
        name=said(case_type(KIND).state_by_id[state].name),
        late=sum(card.late for card in cards),
        cards=tuple(cards),
    )


def _card(case: Case, row: Row, sent: Sequence[Dispatch], at: dt.datetime) -> Card:
    due = case.state_due_at or case.due_at
    return Card(
        row=row,
        since=case.state_since,
        elapsed=elapsed(case.state_since, at),
        late=due is not None and due < at,
        due_at=due,
        units=tuple(_unit(one) for one in sent),
        more_units=words("board.no_unit") if case.state != "received" and not sent else "",
    )


def _unit(one: Dispatch) -> tuple[str, str, str]:
    status = Status.ASSIGNED if one.arrived_at is None else Status.ON_SCENE
    key = "accepted" if status is Status.ASSIGNED and one.accepted_at is not None else str(status)
    return one.unit.call_sign, words(f"status.{key}"), TONES[status]


def elapsed(since: dt.datetime, at: dt.datetime) -> str:
    """How long ago, in words that are read at a glance."""
    minutes = max(0, int((at - since).total_seconds() // 60))
    if minutes < 60:
        return words("elapsed.minutes", minutes=minutes)
    if minutes < 24 * 60:
        return words("elapsed.hours", hours=minutes // 60, minutes=minutes % 60)
    return words("elapsed.days", days=minutes // 1440, hours=minutes // 60 % 24)
