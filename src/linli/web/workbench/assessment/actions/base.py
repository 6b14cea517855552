"""What the actions of assessment share: finding things, refusing, telling the audit log."""

from typing import Any, Final

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Forbidden, Invalid, missing
from linli.web.foundation.audit.chain import Record
from linli.web.workbench.assessment.models import Consequence, Version
from linli.web.workbench.assessment.reach import KIND, is_county, may_place

__all__ = [
    "REASON",
    "consequence_record",
    "locked_consequence",
    "locked_version",
    "need_county",
    "need_reason",
    "say",
    "version_record",
]

say = catalogue("linli.web.workbench.assessment")

REASON: Final = (5, 1000)
"""Fewest and most characters of a reason."""


def need_county(context: Context, verb: str) -> None:
    """Refuse whoever may not do it for the whole county."""
    if not is_county(context.actor, verb):
        raise Forbidden(say(f"forbidden.{verb}"))


def need_reason(given: str, field: str = "reason") -> None:
    """Refuse a decision without a reason."""
    fewest, most = REASON
    if not fewest <= len(given.strip()) <= most:
        text = say("reason", fewest=fewest, most=most)
        raise Invalid(text, {field: text})


def locked_version(context: Context, version_id: int) -> Version:
    """A version, locked until the transaction ends.

    Raises
    ------
    Missing
        There is none, or the actor has no business with assessment.
    """
    found = Version.objects.select_for_update(of=("self",)).select_related("period").filter(pk=version_id)
    version = found.first()
    if version is None or not (context.actor.is_system or may_anywhere(context.actor, "view", KIND)):
        raise missing(say("missing.version"), hidden=version is not None)
    return version


def locked_consequence(context: Context, consequence_id: int) -> Consequence:
    """A consequence that the actor may know of, locked until the transaction ends.

    Raises
    ------
    Missing
        There is none, or it concerns another office.
    """
    found = Consequence.objects.select_for_update(of=("self",)).filter(pk=consequence_id)
    one = found.select_related("version__period").first()
    drafted = one is not None and one.status == Consequence.Status.DRAFTED
    if one is None or not may_place(context.actor, "view", one) or (drafted and not is_county(context.actor)):
        raise missing(say("missing.consequence"), hidden=one is not None)
    return one


def version_record(action: str, version: Version, station: str = "", **detail: Any) -> Record:
    """What the audit log says of a version."""
    told = {"period": version.period.month, "pack": version.period.pack, "version": version.number, **detail}
    return Record(
        action=action, subject_kind="assessment", subject_id=str(version.pk), station=station, detail=told
    )


def consequence_record(action: str, one: Consequence, **detail: Any) -> Record:
    """What the audit log says of a consequence."""
    told = {"rule": one.rule, "consequence": one.kind, "area": one.area, "period": one.token, **detail}
    return Record(
        action=action,
        subject_kind="consequence",
        subject_id=str(one.pk),
        station=one.station_code,
        detail=told,
    )
