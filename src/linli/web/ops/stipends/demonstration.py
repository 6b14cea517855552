"""Stipends of the demonstration: a budget, a lot that was paid, one that waits. All synthetic."""

import datetime as dt

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import perform
from linli.web.ops.stipends.actions.budgets import MakeBudget, OpenLine
from linli.web.ops.stipends.actions.deciding import ApproveLot, PayLot
from linli.web.ops.stipends.actions.proposing import ProposeLot
from linli.web.ops.stipends.candidates import candidates
from linli.web.ops.stipends.models import Line, Lot

__all__ = ["fill"]

WEEKS = 8


def fill(scene: Scene) -> None:
    """Disputes settled this year are paid for: the older ones already, the newest still to be decided."""
    # The day on which the lots below are proposed.
    planner, today = scene.actors("guihua"), local_day(scene.ago(hours=5))
    budget = perform(
        MakeBudget(
            year=today.year, source="government", cap_cents=20_000_000, note="以件计补、巡逻补贴（合成）"
        ),
        planner,
        scene.ago(days=50),
    )
    rules = (("Q6.settled", 3_000_000, 6400), ("Q2.patrol_pay", 12_000_000, 80_000))
    lines = [
        perform(
            OpenLine(budget_id=budget.pk, rule=rule, cap_cents=cap, amount_cents=each),
            planner,
            scene.ago(days=50),
        )
        for rule, cap, each in rules
    ]
    first = dt.date(today.year, 1, 1)
    _propose(scene, lines[0], max(first, today - dt.timedelta(weeks=WEEKS)), today, paid=True)
    _propose(scene, lines[1], max(first, (today.replace(day=1) - dt.timedelta(days=31))), today, paid=False)


def _propose(scene: Scene, line: Line, starts: dt.date, ends: dt.date, *, paid: bool) -> Lot | None:
    place = scene.stage.place
    beat = place.beat_code if paid else ""
    found = candidates(line, place.station_code, beat, starts, ends)
    records = tuple(one.payable.record for one in found if one.problem is None)
    if not records:
        return None
    proposal = ProposeLot(
        line_id=line.pk, station=place.station_code, beat=beat, starts=starts, ends=ends, records=records
    )
    who = scene.actors("minjing" if paid else "suozhang")
    lot = perform(proposal, who, scene.ago(hours=5))
    if paid:
        perform(ApproveLot(lot_id=lot.pk, note="核对卷宗无误"), scene.actors("suozhang"), scene.ago(hours=4))
        perform(PayLot(lot_id=lot.pk, voucher="合成-0001"), scene.actors("guihua"), scene.ago(hours=3))
    return lot
