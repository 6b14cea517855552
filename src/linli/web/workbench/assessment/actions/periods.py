"""A period is opened, computed, approved by stations, locked by the county; corrected by a new version."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from linli.assessment.indicators.periods import TOKEN
from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import Subject, local_day, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.chain import Record
from linli.web.workbench.assessment.actions.base import (
    locked_version,
    need_county,
    need_reason,
    say,
    version_record,
)
from linli.web.workbench.assessment.models import Approval, Period, Version
from linli.web.workbench.assessment.packs import assessed_by
from linli.web.workbench.assessment.reach import KIND, is_county
from linli.web.workbench.assessment.selectors import stations_of

__all__ = [
    "DAYS",
    "NOTHING",
    "STALE",
    "ApproveStation",
    "LockVersion",
    "OpenPeriod",
    "OrderVersion",
    "approves",
]

DAYS: Final = (3, 60)
"""Fewest and most days to object in."""
STALE: Final = dt.timedelta(minutes=30)
"""After so long a version that still waits was left lying, by a worker that is gone for good."""
NOTHING: Final = (Version.Status.FAILED, Version.Status.WAITING)


@dataclass(frozen=True, kw_only=True)
class OpenPeriod(Action[Period]):
    """Open a month for assessment by a pack."""

    name: ClassVar[str] = "assessment.open"
    pack: str
    month: str
    objection_days: int = 10

    def check(self, context: Context) -> None:
        """The county; a month that is over or runs; a pack that assesses; once."""
        need_county(context, "edit")
        match = TOKEN.fullmatch(self.month)
        if match is None or match["month"] is None:
            raise Invalid(say("month"), {"month": say("month")})
        if self.month > f"{local_day(context.at):%Y-%m}":
            raise Invalid(say("month.future"), {"month": say("month.future")})
        if not DAYS[0] <= self.objection_days <= DAYS[1]:
            text = say("days", fewest=DAYS[0], most=DAYS[1])
            raise Invalid(text, {"objection_days": text})
        try:
            assessed = assessed_by(self.pack)
        except LinliError as refusal:
            raise Invalid(refusal.text, {"pack": refusal.text}) from None
        if not assessed.definitions:
            raise Invalid(say("pack.none"), {"pack": say("pack.none")})

    def change(self, context: Context) -> Period:
        """Keep it."""
        try:
            with transaction.atomic():
                return Period.objects.create(
                    pack=self.pack,
                    month=self.month,
                    objection_days=self.objection_days,
                    opened_by_id=context.actor.account,
                    opened_at=context.at,
                )
        except IntegrityError:
            raise Conflict(say("conflict.period", month=self.month)) from None

    def record(self, result: Period) -> Record:
        """Which."""
        detail = {"period": result.month, "pack": result.pack, "days": result.objection_days}
        return Record(
            action=self.name, subject_kind="assessment_period", subject_id=str(result.pk), detail=detail
        )


@dataclass(frozen=True, kw_only=True)
class OrderVersion(Action[Version]):
    """Have a period computed by a job: for the first time, or anew as a correction that says why."""

    name: ClassVar[str] = "assessment.compute"
    period_id: int
    reason: str = ""

    def check(self, context: Context) -> None:
        """The county; nothing is being computed; a correction has a reason."""
        need_county(context, "edit")
        period = self._period()
        former = period.versions.order_by("-number").first()
        if former is None:
            return
        if former.status == Version.Status.WAITING and context.at < former.ordered_at + STALE:
            raise Conflict(say("conflict.waiting"))
        if period.versions.exclude(status__in=NOTHING).exists():
            need_reason(self.reason)

    def _period(self) -> Period:
        found = Period.objects.select_for_update().filter(pk=self.period_id).first()
        if found is None:
            raise Conflict(say("missing.period"))
        return found

    def change(self, context: Context) -> Version:
        """A version that waits. One before it that failed, or was left lying, was never anything and goes."""
        period = self._period()
        period.versions.filter(status__in=NOTHING).delete()
        number = period.versions.aggregate(last=Max("number"))["last"] or 0
        return Version.objects.create(
            period=period,
            number=number + 1,
            reason=self.reason.strip()[:500],
            ordered_by_id=context.actor.account,
            ordered_at=context.at,
        )

    def follow(self, result: Version, context: Context) -> None:
        """Put the work into the queue, in the same transaction."""
        from linli.web.workbench.assessment.jobs import compute_later

        compute_later.enqueue(result.pk)

    def record(self, result: Version) -> Record:
        """Which, and why."""
        return version_record(self.name, result, reason=result.reason[:200])


def approves(actor: Actor, station: str, at: dt.datetime) -> bool:
    """Whether an actor speaks for a station: its chief; the county only where there is no chief at all."""
    if not may(actor, "approve", Subject(kind=KIND, station=station)):
        return False
    return not is_county(actor, "approve") or not _has_chief(station, at)


def _has_chief(station: str, at: dt.datetime) -> bool:
    offices = Organisation.objects.filter(kind=Organisation.Kind.STATION, station_code=station, active=True)
    ids = set(offices.values_list("pk", flat=True))
    return bool(ids) and bool(holders({"chief"}, at, organisation_ids=ids))


@dataclass(frozen=True, kw_only=True)
class _OfLatest(Action[Version]):
    version_id: int

    def latest(self, context: Context) -> Version:
        """The version, refused where a newer one is there."""
        version = locked_version(context, self.version_id)
        if version.period.versions.filter(number__gt=version.number).exists():
            raise Conflict(say("conflict.superseded"))
        return version


@dataclass(frozen=True, kw_only=True)
class ApproveStation(_OfLatest):
    """Say for a station that the figures are as its records are."""

    name: ClassVar[str] = "assessment.approve"
    station: str
    note: str = ""

    def check(self, context: Context) -> None:
        """Its chief, or the county where it has none; once; of the latest version, while it is open."""
        version = self.latest(context)
        if not approves(context.actor, self.station, context.at):
            raise Forbidden(say("forbidden.station"))
        if version.status != Version.Status.COMPUTED:
            raise Conflict(say("conflict.not_computed"))
        if self.station not in stations_of(version):
            raise Conflict(say("missing.station"))
        if version.approvals.filter(station_code=self.station).exists():
            raise Conflict(say("conflict.approved"))

    def change(self, context: Context) -> Version:
        """Keep it; with the last station the version is approved."""
        version = self.latest(context)
        Approval.objects.create(
            version=version,
            station_code=self.station,
            by_id=context.actor.account,
            at=context.at,
            note=self.note.strip()[:500],
        )
        if set(stations_of(version)) <= set(version.approvals.values_list("station_code", flat=True)):
            version.status = Version.Status.APPROVED
            version.save(update_fields=["status"])
        return version

    def record(self, result: Version) -> Record:
        """For which station."""
        return version_record(self.name, result, station=self.station, status=result.status)


@dataclass(frozen=True, kw_only=True)
class LockVersion(_OfLatest):
    """Lock an approved version for good."""

    name: ClassVar[str] = "assessment.lock"

    def check(self, context: Context) -> None:
        """The county; every station has approved; the month is over."""
        need_county(context, "approve")
        version = self.latest(context)
        if version.status != Version.Status.APPROVED:
            raise Conflict(say("conflict.not_approved"))
        if version.period.month >= f"{local_day(context.at):%Y-%m}":
            raise Conflict(say("conflict.month_runs"))

    def change(self, context: Context) -> Version:
        """From now on only a new version can differ."""
        version = self.latest(context)
        version.status = Version.Status.LOCKED
        version.locked_by_id, version.locked_at = context.actor.account, context.at
        version.save(update_fields=["status", "locked_by", "locked_at"])
        return version

    def record(self, result: Version) -> Record:
        """Which."""
        return version_record(self.name, result)
