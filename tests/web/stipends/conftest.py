"""A budget for settled disputes, disputes that were settled, and what people do with lots."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.locating import current_map
from linli.web.ops.stipends.actions.budgets import MakeBudget, OpenLine
from linli.web.ops.stipends.actions.proposing import ProposeLot
from linli.web.ops.stipends.models import Line, Lot

EACH = 6416


@pytest.fixture
def line(actor: Callable[[str], Actor], now: dt.datetime) -> Line:
    """¥500 for settled disputes at ¥64.16 each."""
    budget = perform(MakeBudget(year=2026, source="government", cap_cents=100_000), actor("guihua"), now)
    opening = OpenLine(budget_id=budget.pk, rule="Q6.settled", cap_cents=50_000, amount_cents=EACH)
    return perform(opening, actor("guihua"), now)


@pytest.fixture
def settled(stage, cast, now) -> Callable[..., Case]:
    """A dispute that was closed as fulfilled some days ago, by the mediator of the cast."""

    def make(number: int, *, days: int = 8, username: str | None = "tiaojie", place=None, **more) -> Case:  # type: ignore[no-untyped-def]
        place = place or stage.place
        at = now - dt.timedelta(days=days)
        return Case.objects.create(
            number=f"MJ-{number:04d}",
            case_type="dispute",
            type_version=1,
            category="water",
            title="一件纠纷",
            version_id=current_map().version,  # type: ignore[union-attr]
            station_code=place.station_code,
            beat_code=place.beat_code,
            place_code=place.code,
            assignee=cast[username] if username else None,
            opened_at=at - dt.timedelta(days=5),
            state_since=at,
            **{"state": "fulfilled", "result": "fulfilled", "closed_at": at, "confidentiality": 1, **more},
        )

    return make


@pytest.fixture
def proposing(line: Line, stage) -> Callable[..., ProposeLot]:  # type: ignore[no-untyped-def]
    """A proposal to pay cases of February and March."""

    def make(*cases: Case | str, **more: object) -> ProposeLot:
        records = tuple(one if isinstance(one, str) else f"case:{one.number}" for one in cases)
        given = {
            "line_id": line.pk,
            "station": stage.place.station_code,
            "beat": stage.place.beat_code,
            "starts": dt.date(2026, 2, 1),
            "ends": dt.date(2026, 3, 10),
            "records": records,
        }
        return ProposeLot(**{**given, **more})  # type: ignore[arg-type]

    return make


@pytest.fixture
def proposed(proposing, actor, now) -> Callable[..., Lot]:  # type: ignore[no-untyped-def]
    """A lot that the officer proposed."""
    return lambda *cases: perform(proposing(*cases), actor("minjing"), now)
