"""Guarded reads: meetings of the actor's area, and the month's numbers of each post (E4)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere, scopes
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import missing
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.selectors import visible
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Post
from linli.web.foundation.screens.wording import language
from linli.web.ops.meetings.models import Deeds, Meeting
from linli.web.ops.meetings.reach import KIND

__all__ = ["MEASURES", "PAGE", "MonthRow", "counts", "meeting_for", "meetings", "totals"]

say = catalogue("linli.web.ops.meetings")

PAGE: Final = 30
_COUNTED: Final = (("request", "cases_helped"), ("dispute", "disputes"))
MEASURES: Final = (
    "cases_helped", "disputes", *Meeting.Kind.values, "attendance", *Deeds.Kind.values,
)  # fmt: skip


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """The meetings in the actor's area and those that the actor planned."""
    if not may_anywhere(actor, "view", KIND):
        return Meeting.objects.none()
    scope = scopes(actor, "view", [KIND])
    own = Q(planned_by_id=actor.user_id)
    if scope is None:
        return Meeting.objects.filter(own)
    return Meeting.objects.filter(scope | own) if scope else Meeting.objects.all()


def meeting_for(actor: Actor, pk: int) -> Meeting:
    """A meeting that the actor may see.

    Raises
    ------
    Missing
        There is none, or it is none of the actor's business.
    """
    found = meetings(actor).filter(pk=pk).select_related("organisation", "planned_by", "closed_by").first()
    if found is None:
        raise missing(say("missing"), hidden=Meeting.objects.filter(pk=pk).exists())
    return found


@dataclass
class MonthRow:
    """What the post of a beat did in a month, by measure."""

    month: dt.date
    beat: str
    post: str
    values: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def cells(self) -> list[int]:
        """The numbers in the order of ``MEASURES``."""
        return [self.values[name] for name in MEASURES]


def counts(actor: Actor, year: int, *, beat: str = "") -> list[MonthRow]:
    """The numbers of a year by month and beat, of what the actor may see; four queries."""
    start = dt.datetime(year, 1, 1, tzinfo=zone())
    end = dt.datetime(year + 1, 1, 1, tzinfo=zone())
    names = _posts()
    found: dict[tuple[dt.date, str], MonthRow] = {}
    sources = (_of_meetings(actor, start, end), _of_deeds(actor, start, end), _of_cases(actor, start, end))
    for source in sources:
        for month, code, measure, count in source:
            if not beat or code == beat:
                row = found.setdefault((month, code), MonthRow(month, code, names.get(code, code)))
                row.values[measure] += count
    return [found[key] for key in sorted(found)]


def totals(rows: list[MonthRow]) -> list[int]:
    """The sum of each measure."""
    return [sum(row.values[name] for row in rows) for name in MEASURES]


_Line = tuple[dt.date, str, str, int]


def _of_meetings(actor: Actor, start: dt.datetime, end: dt.datetime) -> Iterator[_Line]:
    held = meetings(actor).filter(status=Meeting.Status.HELD, starts_at__gte=start, starts_at__lt=end)
    by_month = held.annotate(month=TruncMonth("starts_at", tzinfo=zone())).order_by()
    for row in by_month.values("month", "beat_code", "kind").annotate(
        n=Count("pk"), people=Sum("attendance")
    ):
        month = row["month"].date()
        yield month, row["beat_code"], row["kind"], row["n"]
        yield month, row["beat_code"], "attendance", row["people"] or 0


def _of_deeds(actor: Actor, start: dt.datetime, end: dt.datetime) -> Iterator[_Line]:
    scope = scopes(actor, "view", [KIND], place=None)
    if scope is None:
        return
    found = Deeds.objects.filter(scope, month__gte=start.date(), month__lt=end.date())
    for row in found.values("month", "beat_code", "kind").order_by().annotate(n=Sum("count")):
        yield row["month"], row["beat_code"], row["kind"], row["n"]


def _of_cases(actor: Actor, start: dt.datetime, end: dt.datetime) -> Iterator[_Line]:
    types = case_types()
    kinds = {kind: name for kind, name in _COUNTED if kind in types}
    ended = Q()
    for kind in kinds:
        solved = [result.id for result in types[kind].results if result.solved]
        ended |= Q(case_type=kind, result__in=solved)
    if not ended:
        return
    found = visible(actor, kinds=tuple(kinds)).filter(ended, closed_at__gte=start, closed_at__lt=end)
    by_month = found.annotate(month=TruncMonth("closed_at", tzinfo=zone())).order_by()
    for row in by_month.values("month", "beat_code", "case_type").annotate(n=Count("pk")):
        yield row["month"].date(), row["beat_code"], kinds[row["case_type"]], row["n"]


def _posts() -> dict[str, str]:
    current = current_map()
    if current is None:
        return {}
    english = language() == "en"
    posts = Post.objects.filter(deployment_id=current.version).order_by("-code")
    return {
        code: (post.name_en if english and post.name_en else post.name)
        for post in posts
        for code in post.beat_codes
    }
