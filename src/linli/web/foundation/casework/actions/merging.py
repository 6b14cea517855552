"""Duplicates are suggested, never merged in silence; merging closes one of the two, and asks what that asks.

A merged case gives no voice on the other: what its sender says of it stays on it (``feedback``), and whoever
sent it has it opened again on its own. The other takes the stricter deadline of both, so that nothing that
was promised is lost with the number that it was promised under.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from typing import Any, ClassVar, Final

import h3
from django.db.models import Q

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, missing
from linli.web.foundation.casework import clocks
from linli.web.foundation.casework.actions.base import (
    CaseAction,
    date_personal_values,
    notify,
    say,
    write_event,
)
from linli.web.foundation.casework.actions.moving import deadlines_of, may_close, save_deadlines
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.receivers import in_charge
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.versions import spec_of

__all__ = ["Merge", "metres_between", "suggestions"]

EARTH: Final = 6_371_008.8
CELL_EDGE: Final = 200.0
"""Edge of an H3 cell of resolution 9, in metres, rounded up."""


def metres_between(a: Case, b: Case) -> float | None:
    """Great-circle distance of two cases; ``None`` where one has no position."""
    if a.longitude is None or a.latitude is None or b.longitude is None or b.latitude is None:
        return None
    up, across = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    inner = sin(up / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(across / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(inner)))


def suggestions(case: Case, actor: Actor, at: dt.datetime, *, most: int = 5) -> list[Case]:
    """Open cases near in place, time and category that may be the same, nearest in time first."""
    rule = spec_of(case).duplicates
    if rule is None or not case.cell or case.merged_into_id is not None:
        return []
    rings = int(rule.metres // CELL_EDGE) + 1
    window = dt.timedelta(hours=rule.hours)
    found = Case.objects.filter(
        cell__in=h3.grid_disk(case.cell, rings),
        case_type=case.case_type,
        category=case.category,
        opened_at__range=(case.opened_at - window, case.opened_at + window),
        merged_into__isnull=True,
    ).exclude(Q(pk=case.pk) | Q(parent_id=case.pk))[:50]
    near = [c for c in found if (away := metres_between(case, c)) is not None and away <= rule.metres]
    near = [other for other in near if may_case(actor, "work", other, at)]
    return sorted(near, key=lambda other: abs(other.opened_at - case.opened_at))[:most]


@dataclass(frozen=True, kw_only=True)
class Merge(CaseAction):
    """Say that a case is the same as another: the other goes on, this one points to it."""

    name: ClassVar[str] = "case.merge"
    verb: ClassVar[str] = "merge"
    into_id: int

    def check_case(self, case: Case, context: Context) -> None:
        """Both are open and alike as far as can be seen; the actor may close this one."""
        other = Case.objects.filter(pk=self.into_id).first()
        if other is None or not may_case(context.actor, "view", other, context.at):
            known = None if other is None else other.number
            raise missing(say("case.missing", number=self.into_id), hidden=other is not None, what=known)
        # The other's history is written to as well: seeing it is not enough.
        if not may_case(context.actor, "work", other, context.at):
            raise Forbidden(say("case.forbidden"))
        if not may_close(case, self.spec(), context):
            raise Forbidden(say("merge.not_closing"))
        self._check_pair(case, other)

    def _check_pair(self, case: Case, other: Case) -> None:
        if other.pk == case.pk or other.case_type != case.case_type or other.merged_into_id is not None:
            raise Conflict(say("merge.not_these"))
        if case.closed_at is not None or other.closed_at is not None:
            raise Conflict(say("merge.closed"))
        if other.category != case.category and not self._near(case, other):
            raise Conflict(say("merge.not_alike"))
        if case.feedback.exists():
            raise Conflict(say("merge.spoken"))
        if case.children.filter(closed_at__isnull=True).exists():
            raise Conflict(say("move.open_children"))

    def _near(self, case: Case, other: Case) -> bool:
        if case.address and case.address == other.address and case.place_code == other.place_code:
            return True
        rule, away = self.spec().duplicates, metres_between(case, other)
        return rule is not None and away is not None and away <= rule.metres

    def change(self, context: Context) -> Case:
        """Point to the other, stop both clocks; those merged into this one follow."""
        case = self.locked()
        other = Case.objects.select_for_update(of=("self",)).get(pk=self.into_id)
        case.merged_into = other
        case.merged.update(merged_into=other)
        _hold_to_both(other, case, context.at)
        case.closed_at, case.next_check_at, case.due_at = context.at, None, None
        case.state_due_at = case.case_due_at = None
        case.shred_at = context.at + dt.timedelta(days=self._keep_days())
        date_personal_values(case, context.at)
        write_event(case, "merged", context, detail={"into": other.number}, public=True)
        write_event(other, "merged_here", context, detail={"from": case.number})
        case.save()
        other.save()
        self._tell(case, context)
        return case

    def _tell(self, case: Case, context: Context) -> None:
        """What somebody waits to hear about is merged under the eyes of the chiefs who answer for it."""
        if self.spec().feedback:
            chiefs = in_charge(case, {"chief"}, context.at)
            told = [one for one in chiefs if one != context.actor.user_id]
            notify(told, case, "merged_away", context.at)

    def _keep_days(self) -> int:
        return max(result.keep_days for result in self.spec().results)

    def detail(self) -> Mapping[str, Any]:
        """Into which."""
        return {"into": self.into_id}


def _hold_to_both(other: Case, case: Case, at: dt.datetime) -> None:
    """Give the case that goes on the stricter deadline of both; the caller saves it."""
    spec = spec_of(other)
    given = deadlines_of(case)
    if case.state != other.state:
        given = replace(given, state_due=None, state_stretch=None)
    both = clocks.stricter(spec, deadlines_of(other), given, at, station=other.station_code)
    save_deadlines(other, spec, both)
    promised = [one for one in (other.promised_at, case.promised_at) if one is not None]
    other.promised_at = min(promised, default=None)
