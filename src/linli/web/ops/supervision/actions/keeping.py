"""What is stated, kept and published: hours of a room, leading groups and their plans, progress of norms."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.models import Post
from linli.web.ops.supervision.actions.base import must_supervise, plan_in_force, refuse, say, text_fault
from linli.web.ops.supervision.models import Group, Publication, Statement, YearPlan
from linli.web.ops.supervision.reach import may_keep, may_state
from linli.web.ops.supervision.standing import kept_rows

__all__ = ["KeepGroup", "KeepPlan", "PublishProgress", "StateHours"]

MOST_HOURS: Final = Decimal(24 * 31)
"""Hours of the longest month."""


@dataclass(frozen=True, kw_only=True)
class StateHours(Action[Statement]):
    """A post says how long its room was staffed in a month; a second statement replaces the first."""

    name: ClassVar[str] = "supervision.state"
    post_code: str
    month: dt.date
    planned_hours: Decimal
    hours: Decimal
    reason: str = ""

    def check(self, context: Context) -> None:
        """A post of the actor's own area; a month that has begun; fewer hours than planned want a reason."""
        station, beat = self._where()
        if not may_state(context.actor, station, beat):
            raise Forbidden(say("may_not_state"))
        wrong: dict[str, Text | None] = {}
        if self.month.replace(day=1) > local_day(context.at):
            wrong["month"] = say("state.month")
        for field, given in (("planned_hours", self.planned_hours), ("hours", self.hours)):
            if not 0 <= given <= MOST_HOURS:
                wrong[field] = say("state.hours", most=int(MOST_HOURS))
        wrong["reason"] = text_fault(self.reason, 300, needed=self.hours < self.planned_hours)
        refuse(wrong)

    def _where(self) -> tuple[str, str]:
        current = plan_in_force()
        post = Post.objects.filter(deployment_id=current.version, code=self.post_code).first()
        place = None if post is None else current.places.get(post.place_code)
        if place is None:
            raise Missing(say("state.no_post"))
        return place.station_code, place.beat_code

    def change(self, context: Context) -> Statement:
        """Keep it."""
        station, beat = self._where()
        return Statement.objects.update_or_create(
            post_code=self.post_code,
            month=self.month.replace(day=1),
            defaults={
                "station_code": station,
                "beat_code": beat,
                "planned_hours": self.planned_hours,
                "hours": self.hours,
                "reason": self.reason.strip(),
                "stated_by_id": context.actor.account,
                "stated_at": context.at,
            },
        )[0]

    def record(self, result: Statement) -> Record:
        """Which room and month, and how many hours."""
        detail = {
            "month": f"{result.month:%Y-%m}",
            "planned": str(self.planned_hours),
            "hours": str(self.hours),
        }
        return Record(
            action=self.name,
            subject_kind="post",
            subject_id=self.post_code,
            station=result.station_code,
            detail=detail,
        )


@dataclass(frozen=True, kw_only=True)
class KeepGroup(Action[Group]):
    """Enter a leading group, or correct it (L15)."""

    name: ClassVar[str] = "supervision.group"
    level: str
    title: str
    station: str
    chair: str
    members: str
    office: str
    founded_on: dt.date
    group_id: int | None = None

    def check(self, context: Context) -> None:
        """The county's supervisors, or for a township the chief of its station; offices, no names."""
        known = _group(self.group_id) if self.group_id is not None else None
        asked = [(self.level, self.station)] if known is None else [(known.level, known.station_code)]
        for level, station in (*asked, (self.level, self.station)):
            if not may_keep(context.actor, level, station):
                raise Forbidden(say("may_not_keep"))
        wrong: dict[str, Text | None] = {
            "title": text_fault(self.title, 120),
            "chair": text_fault(self.chair, 120),
            "members": text_fault(self.members, 500),
            "office": text_fault(self.office, 200),
        }
        if self.level not in Group.Level.values:
            wrong["level"] = say("group.level")
        if self.level == Group.Level.TOWNSHIP and self.station not in plan_in_force().stations:
            wrong["station"] = say("draw.station")
        if self.founded_on > local_day(context.at):
            wrong["founded_on"] = say("group.day")
        if Group.objects.filter(name=self.title.strip()).exclude(pk=self.group_id or 0).exists():
            wrong["title"] = say("group.twice")
        refuse(wrong)

    def change(self, context: Context) -> Group:
        """Keep it."""
        group = Group() if self.group_id is None else _group(self.group_id)
        group.level, group.name, group.station_code = self.level, self.title.strip(), self.station
        group.chair, group.members = self.chair.strip(), self.members.strip()
        group.office, group.founded_on = self.office.strip(), self.founded_on
        group.kept_by_id, group.kept_at = context.actor.account, context.at
        group.save()
        return group

    def record(self, result: Group) -> Record:
        """Which."""
        return _of_group(self.name, result, {"level": result.level})


def _group(pk: int) -> Group:
    found = Group.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Missing(say("group.missing"))
    return found


def _of_group(name: str, group: Group, detail: dict[str, object]) -> Record:
    return Record(
        action=name,
        subject_kind="leading_group",
        subject_id=str(group.pk),
        station=group.station_code,
        detail=detail,
    )


@dataclass(frozen=True, kw_only=True)
class KeepPlan(Action[YearPlan]):
    """Enter a group's plan of a year, or what came of it (L15)."""

    name: ClassVar[str] = "supervision.plan"
    group_id: int
    year: int
    goals: str
    adopted_on: dt.date
    review: str = ""

    def check(self, context: Context) -> None:
        """Whoever keeps the group; a plan is adopted by the end of its year."""
        group = _group(self.group_id)
        if not may_keep(context.actor, group.level, group.station_code):
            raise Forbidden(say("may_not_keep"))
        wrong: dict[str, Text | None] = {
            "goals": text_fault(self.goals, 4000),
            "review": text_fault(self.review, 4000, needed=False),
        }
        if not 2000 <= self.year <= local_day(context.at).year + 1:
            wrong["year"] = say("plan.year")
        if self.adopted_on > local_day(context.at) or self.adopted_on.year > self.year:
            wrong["adopted_on"] = say("plan.day")
        refuse(wrong)

    def change(self, context: Context) -> YearPlan:
        """Keep it."""
        return YearPlan.objects.update_or_create(
            group_id=self.group_id,
            year=self.year,
            defaults={
                "goals": self.goals.strip(),
                "adopted_on": self.adopted_on,
                "review": self.review.strip(),
                "kept_by_id": context.actor.account,
                "kept_at": context.at,
            },
        )[0]

    def record(self, result: YearPlan) -> Record:
        """Whose and which year."""
        return _of_group(self.name, result.group, {"year": result.year})


@dataclass(frozen=True, kw_only=True)
class PublishProgress(Action[Publication]):
    """Make the progress of dated norms known to all stations, with those that are late (L18)."""

    name: ClassVar[str] = "supervision.publish"
    remark: str = ""

    def check(self, context: Context) -> None:
        """The county's supervisors; a plan is in force and its pack has norms with a day."""
        must_supervise(context)
        refuse({"remark": text_fault(self.remark, 500, needed=False)})
        if not kept_rows(plan_in_force().version, local_day(context.at)):
            refuse({"remark": say("publish.nothing")})

    def change(self, context: Context) -> Publication:
        """Keep it as it is today."""
        version, day = plan_in_force().version, local_day(context.at)
        return Publication.objects.create(
            day=day,
            deployment_id=version,
            rows=kept_rows(version, day),
            remark=self.remark.strip(),
            published_by_id=context.actor.account,
            published_at=context.at,
        )

    def record(self, result: Publication) -> Record:
        """Of which day, with how many late."""
        late = sum(row["progress"] == "late" for row in result.rows)
        return Record(
            action=self.name,
            subject_kind="supervision_progress",
            subject_id=str(result.pk),
            detail={"day": result.day.isoformat(), "norms": len(result.rows), "late": late},
        )
