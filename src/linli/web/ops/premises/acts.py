"""What can be done on the page of premises: each act's form, its action, and for which kinds it is."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.papers import (
    AwardHonour,
    FilePlan,
    IssueLetter,
    RecordDrill,
    SignLetter,
    WithdrawHonour,
)
from linli.web.ops.premises.actions.places import (
    HOURS,
    AddPoint,
    RecordMeeting,
    RecordPresence,
    RemovePoint,
    SurveyCourtyard,
    TellIncidents,
)
from linli.web.ops.premises.actions.planning import OCCASIONS, PlanInspection
from linli.web.ops.premises.actions.register import ClosePremises
from linli.web.ops.premises.forms import choice, day, label, number, text
from linli.web.ops.premises.kinds import BASES, COURTYARD, HOUSING, LETTER_KINDS, POINTS, SCHOOL
from linli.web.ops.premises.models import Premises

__all__ = ["ACTS", "Act", "Known", "title"]

Fields = dict[str, forms.Field]


@dataclass(frozen=True)
class Known:
    """What the forms of some premises offer."""

    premises: Premises
    today: dt.date
    owners: Sequence[Organisation] = ()
    points: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that can be done."""

    verb: str
    fields: Callable[[Known], Fields]
    make: Callable[[int, Mapping[str, Any], Mapping[str, Upload]], Action[Premises]]
    kinds: tuple[str, ...] = ()
    """Kinds of premises that it is for; empty for all."""
    icon: str = "plus"

    def suits(self, premises: Premises) -> bool:
        """Whether it is for such premises."""
        return premises.closed_on is None and (not self.kinds or premises.kind in self.kinds)


def _id(value: Any) -> int:
    return int(value or 0)


def _hidden() -> forms.Field:
    return forms.IntegerField(widget=forms.HiddenInput)


def _file(key: str) -> forms.Field:
    widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx"})
    return forms.FileField(label=label(key), widget=widget)


def _planning(known: Known) -> Fields:
    usual = [one for one in OCCASIONS if one != "acceptance" or known.premises.kind == HOUSING]
    field = day("planned_for")
    field.initial = known.today
    return {"occasion": choice("occasion", "occasion", usual), "planned_for": field}


def _survey(_known: Known) -> Fields:
    return {
        "surveyed_on": day("surveyed_on"),
        "basis": choice("basis", "class", BASES),
        "staffed": forms.BooleanField(label=label("staffed"), required=False),
        "volunteers": number("volunteers"),
        "doors": number("doors"),
        "security_doors": number("security_doors"),
    }


def _point(known: Known) -> Fields:
    owners = [("", "—"), *((str(one.pk), one.named(language())) for one in known.owners)]
    return {
        "kind": choice("point_kind", "point", POINTS),
        "point": text("point", most=80),
        "owner": forms.ChoiceField(label=label("owner"), choices=owners, required=False),
    }


def _presence(known: Known) -> Fields:
    here = day("day")
    here.initial = known.today
    named = [(str(id_), name) for id_, name in known.points]
    ticks = forms.MultipleChoiceField(
        label=label("present"), choices=named, required=False, widget=forms.CheckboxSelectMultiple
    )
    return {"day": here, "hour": choice("hour", "hour", HOURS, radio=True), "present": ticks}


def _record_presence(pk: int, given: Mapping[str, Any], _files: Mapping[str, Upload]) -> Action[Premises]:
    ticked = {int(one) for one in given["present"]}
    present = {id_: id_ in ticked for id_ in given["points"]}
    return RecordPresence(premises_id=pk, day=given["day"], hour=given["hour"], present=present)


ACTS: Mapping[str, Act] = {
    "plan": Act(
        verb="open",
        icon="calendar-event",
        fields=_planning,
        make=lambda pk, given, _: PlanInspection(premises_id=pk, **given),
    ),
    "letter": Act(
        verb="edit",
        icon="certificate",
        kinds=LETTER_KINDS,
        fields=lambda _: {},
        make=lambda pk, _given, _files: IssueLetter(premises_id=pk),
    ),
    "sign": Act(
        verb="edit",
        icon="certificate",
        kinds=LETTER_KINDS,
        fields=lambda _: {
            "letter": _hidden(),
            "signed_on": day("signed_on"),
            "expires_on": day("expires_on"),
            "scan": _file("scan"),
        },
        make=lambda pk, given, files: SignLetter(
            premises_id=pk,
            letter_id=_id(given["letter"]),
            signed_on=given["signed_on"],
            expires_on=given["expires_on"],
            scan=files.get("scan"),
        ),
    ),
    "emergency": Act(
        verb="edit",
        icon="file-upload",
        fields=lambda _: {"dated": day("dated"), "file": _file("plan")},
        make=lambda pk, given, files: FilePlan(premises_id=pk, dated=given["dated"], file=files.get("file")),
    ),
    "drill": Act(
        verb="edit",
        icon="flame",
        fields=lambda _: {"held_on": day("held_on"), "participants": number("participants", least=1)},
        make=lambda pk, given, _: RecordDrill(premises_id=pk, **given),
    ),
    "commend": Act(
        verb="edit",
        icon="star",
        fields=lambda _: {"reason": text("commend_reason", most=300)},
        make=lambda pk, given, _: AwardHonour(premises_id=pk, kind="commended", reason=given["reason"]),
    ),
    "title": Act(
        verb="edit",
        icon="star",
        kinds=(COURTYARD,),
        fields=lambda _: {"period_from": day("period_from"), "period_until": day("period_until")},
        make=lambda pk, given, _: AwardHonour(premises_id=pk, kind="zero_incident", **given),
    ),
    "withdraw": Act(
        verb="edit",
        icon="x",
        fields=lambda _: {"honour": _hidden(), "reason": text("reason", most=300)},
        make=lambda pk, given, _: WithdrawHonour(
            premises_id=pk, honour_id=_id(given["honour"]), reason=given["reason"]
        ),
    ),
    "survey": Act(
        verb="edit",
        icon="clipboard-list",
        kinds=(COURTYARD,),
        fields=_survey,
        make=lambda pk, given, _: SurveyCourtyard(premises_id=pk, **given),
    ),
    "point": Act(
        verb="edit",
        icon="map-pin",
        kinds=(SCHOOL,),
        fields=_point,
        make=lambda pk, given, _: AddPoint(
            premises_id=pk,
            kind=given["kind"],
            point=given["point"],
            owner_id=int(given["owner"]) if given["owner"] else None,
        ),
    ),
    "unpoint": Act(
        verb="edit",
        icon="x",
        kinds=(SCHOOL,),
        fields=lambda _: {"point": _hidden()},
        make=lambda pk, given, _: RemovePoint(premises_id=pk, point_id=_id(given["point"])),
    ),
    "presence": Act(verb="open", icon="walk", kinds=(SCHOOL,), fields=_presence, make=_record_presence),
    "meeting": Act(
        verb="edit",
        icon="users-group",
        kinds=(SCHOOL,),
        fields=lambda _: {
            "held_on": day("held_on"),
            "subject": text("subject", most=120),
            "case_number": text("case_number", most=24, required=False, help_key="case_number_help"),
        },
        make=lambda pk, given, _: RecordMeeting(premises_id=pk, **given),
    ),
    "tell": Act(
        verb="edit",
        icon="speakerphone",
        fields=lambda _: {
            "since": day("since"),
            "until": day("until"),
            "advice": text("advice", most=500, required=False, long=True),
        },
        make=lambda pk, given, _: TellIncidents(premises_id=pk, **given),
    ),
    "close": Act(
        verb="edit",
        icon="archive",
        fields=lambda _: {"reason": text("reason", most=300)},
        make=lambda pk, given, _: ClosePremises(premises_id=pk, reason=given["reason"]),
    ),
}


def title(name: str) -> str:
    """An act by name."""
    return said(phrase(f"premises:act.{name}"))
