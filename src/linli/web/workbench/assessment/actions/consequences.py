"""A consequence is shown to those assessed, objected to, decided by others, confirmed or dropped by a person.

Nobody confirms before the days to object have passed, while an objection is open, or about their own office.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from linli.privacy.files import CleanFile
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.accounts.selectors import holders
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.opening import open_ahead, opened_once
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.scanning.scanner import inspected
from linli.web.workbench.assessment.actions.base import (
    consequence_record,
    locked_consequence,
    locked_version,
    need_county,
    need_reason,
    say,
    version_record,
)
from linli.web.workbench.assessment.models import Consequence, Exhibit, Objection, Version
from linli.web.workbench.assessment.reach import is_own

__all__ = ["ConfirmConsequence", "DecideObjection", "DropConsequence", "Object", "Propose", "See"]

MOST_FILES: Final = 5
LONGEST: Final = 4000
Status = Consequence.Status


@dataclass(frozen=True, kw_only=True)
class Propose(Action[Version]):
    """Put everything that the rules propose of a locked version before those assessed."""

    name: ClassVar[str] = "consequence.propose"
    version_id: int

    def check(self, context: Context) -> None:
        """The county; of the latest version, locked; once."""
        need_county(context, "edit")
        version = locked_version(context, self.version_id)
        if version.period.versions.filter(number__gt=version.number).exists():
            raise Conflict(say("conflict.superseded"))
        if version.status != Version.Status.LOCKED:
            raise Conflict(say("conflict.not_locked"))
        if version.proposed_at is not None:
            raise Conflict(say("conflict.proposed"))

    def change(self, context: Context) -> Version:
        """Show each to its office, and say until when it can object."""
        version = locked_version(context, self.version_id)
        until = context.at + dt.timedelta(days=version.period.objection_days)
        drafted = list(version.consequences.filter(status=Status.DRAFTED))
        for one in drafted:
            one.status, one.proposed_by_id = Status.PROPOSED, context.actor.account
            one.shown_at, one.object_until = context.at, until
        Consequence.objects.bulk_update(drafted, ["status", "proposed_by", "shown_at", "object_until"])
        version.proposed_at = context.at
        version.save(update_fields=["proposed_at"])
        _tell(drafted, version, context)
        return version

    def record(self, result: Version) -> Record:
        """How many."""
        return version_record(self.name, result, count=result.consequences.count())


def _tell(proposed: Sequence[Consequence], version: Version, context: Context) -> None:
    """A line in the list of everybody who answers for an area that something is proposed for."""
    users: set[int] = set()
    for station, beat in {(one.station_code, one.beat_code) for one in proposed}:
        users |= set(_answerable(station, beat, context.at))
    path = f"{reverse('consequences')}?month={version.period.month}"
    detail = {"who": version.period.month, "path": path}
    rows = [Notice(user_id=user, kind="consequence", at=context.at, detail=detail) for user in sorted(users)]
    Notice.objects.bulk_create(rows)


def _answerable(station: str, beat: str, at: dt.datetime) -> list[int]:
    """The officers of a beat, or the chief of a station."""
    of_station = Organisation.objects.filter(active=True, station_code=station)
    if beat:
        posts = {one.pk for one in of_station.filter(kind=Organisation.Kind.POST) if beat in one.codes}
        return holders({"officer"}, at, organisation_ids=posts) if posts else []
    chiefs = {one.pk for one in of_station.filter(kind=Organisation.Kind.STATION)} if station else set()
    return holders({"chief"}, at, organisation_ids=chiefs) if chiefs else []


@dataclass(frozen=True, kw_only=True)
class _OfConsequence(Action[Consequence]):
    consequence_id: int

    def consequence(self, context: Context) -> Consequence:
        """The consequence, locked."""
        return locked_consequence(context, self.consequence_id)

    def record(self, result: Consequence) -> Record:
        """Which, and where it stands now."""
        return consequence_record(self.name, result, status=result.status)


@dataclass(frozen=True, kw_only=True)
class See(_OfConsequence):
    """Somebody of the office assessed opens it, with its explanation, for the first time."""

    name: ClassVar[str] = "consequence.see"

    def check(self, context: Context) -> None:
        """Of the own office."""
        one = self.consequence(context)
        if not is_own(context.actor, one):
            raise Forbidden(say("forbidden.open"))
        if one.shown_at is None:
            raise Conflict(say("conflict.not_shown"))

    def change(self, context: Context) -> Consequence:
        """Keep who and when; the first stays."""
        one = self.consequence(context)
        if one.seen_at is None:
            one.seen_by_id, one.seen_at = context.actor.account, context.at
            one.save(update_fields=["seen_by", "seen_at"])
        return one


@dataclass(frozen=True, kw_only=True)
class Object(_OfConsequence):
    """The office assessed says why it should not stand, with evidence in words and files."""

    name: ClassVar[str] = "consequence.object"
    text: str
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    def prepare(self) -> None:
        """Open the files while nobody waits for the consequence."""
        if len(self.files) <= MOST_FILES:
            open_ahead(self._clean)

    def check(self, context: Context) -> None:
        """Of the own office; in time; once; with words."""
        one = self.consequence(context)
        if not is_own(context.actor, one):
            raise Forbidden(say("forbidden.open"))
        if one.status != Status.PROPOSED or Objection.objects.filter(consequence=one).exists():
            raise Conflict(say("conflict.objected"))
        if one.object_until is not None and context.at > one.object_until:
            raise Conflict(say("conflict.too_late"))
        if not 10 <= len(self.text.strip()) <= LONGEST:
            text = say("objection.text", fewest=10, most=LONGEST)
            raise Invalid(text, {"text": text})
        if len(self.files) > MOST_FILES:
            raise Invalid(say("objection.files", most=MOST_FILES), {"file": say("objection.files", most=5)})
        self._clean()

    def _clean(self) -> tuple[CleanFile, ...]:
        return opened_once(self, self._opened_files)

    def _opened_files(self) -> tuple[CleanFile, ...]:
        most = settings.ATTACHMENT_MOST_BYTES
        return tuple(inspected(name, content, most_bytes=most) for name, content in self.files)

    def change(self, context: Context) -> Consequence:
        """Keep it; the files are deleted again if the rest fails."""
        one = self.consequence(context)
        objection = Objection.objects.create(
            consequence=one, by_id=context.actor.account, at=context.at, text=self.text.strip()
        )
        one.status = Status.OBJECTED
        one.save(update_fields=["status"])
        for clean in self._clean():
            _keep(objection, clean)
        return one


def _keep(objection: Objection, clean: CleanFile) -> None:
    path = f"objections/{objection.pk}/{clean.sha256[:24]}"
    kept = default_storage.save(path, ContentFile(clean.content))
    try:
        with transaction.atomic():
            Exhibit.objects.create(
                objection=objection,
                name=clean.name,
                media_type=clean.media_type,
                size=len(clean.content),
                sha256=clean.sha256,
                path=kept,
            )
    except Exception:
        default_storage.delete(kept)
        raise


@dataclass(frozen=True, kw_only=True)
class DecideObjection(_OfConsequence):
    """Decide an objection: somebody else than who proposed, who objected, and whose office it is."""

    name: ClassVar[str] = "consequence.decide"
    uphold: bool
    reason: str

    def check(self, context: Context) -> None:
        """Somebody else; an open objection; a reason."""
        one = self.consequence(context)
        need_county(context, "answer")
        objection = Objection.objects.filter(consequence=one, outcome="").first()
        if one.status != Status.OBJECTED or objection is None:
            raise Conflict(say("conflict.no_objection"))
        if context.actor.user_id in (one.proposed_by_id, objection.by_id) or is_own(context.actor, one):
            raise Forbidden(say("forbidden.own_decision"))
        need_reason(self.reason)

    def change(self, context: Context) -> Consequence:
        """Upheld ends it; rejected leaves it proposed."""
        one = self.consequence(context)
        objection = one.objection
        objection.outcome = Objection.Outcome.UPHELD if self.uphold else Objection.Outcome.REJECTED
        objection.decided_by_id, objection.decided_at = context.actor.account, context.at
        objection.reason = self.reason.strip()
        objection.save()
        one.status = Status.UPHELD if self.uphold else Status.PROPOSED
        one.save(update_fields=["status"])
        detail = {"who": one.token, "path": reverse("consequence", args=[one.pk])}
        Notice.objects.create(user_id=objection.by_id, kind="objection", at=context.at, detail=detail)
        return one


@dataclass(frozen=True, kw_only=True)
class _Decision(_OfConsequence):
    reason: str

    def check(self, context: Context) -> None:
        """The county, of another office; still proposed; a reason."""
        one = self.consequence(context)
        need_county(context, "approve")
        if is_own(context.actor, one):
            raise Forbidden(say("forbidden.own_decision"))
        if one.status != Status.PROPOSED:
            raise Conflict(say("conflict.not_proposed"))
        self.check_time(one, context)
        need_reason(self.reason)

    def check_time(self, one: Consequence, context: Context) -> None:
        """More reasons to refuse."""

    def settle(self, status: str, context: Context) -> Consequence:
        """Keep the decision with its name and reason."""
        one = self.consequence(context)
        one.status, one.decision = status, self.reason.strip()
        one.decided_by_id, one.decided_at = context.actor.account, context.at
        one.save(update_fields=["status", "decision", "decided_by", "decided_at"])
        return one


@dataclass(frozen=True, kw_only=True)
class ConfirmConsequence(_Decision):
    """A named person confirms, having read the explanation."""

    name: ClassVar[str] = "consequence.confirm"
    read: bool

    def check_time(self, one: Consequence, context: Context) -> None:
        """Those assessed have had their days; the explanation was read."""
        if one.object_until is None or context.at <= one.object_until:
            raise Conflict(say("conflict.too_early"))
        if not self.read:
            raise Invalid(say("confirm.read"), {"read": say("confirm.read")})

    def change(self, context: Context) -> Consequence:
        """From now on it stands."""
        return self.settle(Status.CONFIRMED, context)


@dataclass(frozen=True, kw_only=True)
class DropConsequence(_Decision):
    """A named person drops it; at any time while it is proposed."""

    name: ClassVar[str] = "consequence.drop"

    def change(self, context: Context) -> Consequence:
        """Nothing comes of it."""
        return self.settle(Status.DROPPED, context)
