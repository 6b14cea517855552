"""Premises and inspections as pages show them: names of kinds and classes, tones of states."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linli.kernel.texts import Text
from linli.web.foundation.casework.models import Attachment
from linli.web.foundation.casework.presenting import category_and_state, result_label, shown_caution
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.premises.actions.base import local_day
from linli.web.ops.premises.checklists import items_of
from linli.web.ops.premises.models import Happening, Inspection, Photo, Premises

__all__ = [
    "InspectionRow",
    "PremisesRow",
    "happening_lines",
    "inspection_rows",
    "kind_label",
    "premises_rows",
    "sheet_items",
]

_TONES: Final[Mapping[str, str]] = {
    "planned": "info", "on_site": "progress", "rectifying": "warning", "recheck": "progress",
    "escalated": "danger", "closed": "good",
}  # fmt: skip


def kind_label(kind: str) -> str:
    """A kind of premises by name."""
    return said(phrase(f"premises:kind.{kind}"))


@dataclass(frozen=True, kw_only=True)
class PremisesRow:
    """One line of the register."""

    code: str
    name: str
    kind: str
    kind_label: str
    class_label: str
    address: str
    place: str
    unit: str
    key_clause: str
    inspected_on: dt.date | None
    due_on: dt.date | None
    status: str
    status_label: str
    tone: str
    longitude: float | None
    latitude: float | None


def premises_rows(premises: Iterable[Premises], at: dt.datetime) -> list[PremisesRow]:
    """Some premises as lines of a list; no query."""
    places, today = current_map(), local_day(at)
    return [_premises_row(one, places, today) for one in premises]


def _premises_row(one: Premises, places: Map | None, today: dt.date) -> PremisesRow:
    status, tone = _status(one, today)
    place = places.places.get(one.place_code) if places else None
    unit = one.organisation
    return PremisesRow(
        code=one.code or "",
        name=_named(one),
        kind=one.kind,
        kind_label=kind_label(one.kind),
        class_label=said(phrase(f"premises:class.{one.schedule_class}")),
        address=one.address,
        place=place.name if place else one.place_code,
        unit="" if unit is None else said(Text(zh=unit.name, en=unit.name_en or unit.name)),
        key_clause=one.key_clause,
        inspected_on=one.inspected_on,
        due_on=one.due_on,
        status=status,
        status_label=said(phrase(f"premises:status.{status}")),
        tone=tone,
        longitude=one.longitude,
        latitude=one.latitude,
    )


def _named(one: Premises) -> str:
    return said(Text(zh=one.name, en=one.name_en or one.name))


def _status(one: Premises, today: dt.date) -> tuple[str, str]:
    if one.closed_on is not None:
        return "closed", "neutral"
    if one.due_on is not None and one.due_on < today:
        return "overdue", "danger"
    if one.due_on is not None and one.due_on <= today + dt.timedelta(days=30):
        return "soon", "warning"
    return "current", "good"


@dataclass(frozen=True, kw_only=True)
class InspectionRow:
    """One line of a list of inspections."""

    number: str
    code: str
    name: str
    kind_label: str
    address: str
    occasion: str
    state: str
    state_label: str
    tone: str
    planned_for: dt.date
    due_at: dt.datetime | None
    caution: str
    late: bool
    closed_at: dt.datetime | None
    result: str


def inspection_rows(inspections: Iterable[Inspection], at: dt.datetime) -> list[InspectionRow]:
    """Some inspections as lines of a list; no query."""
    return [
        InspectionRow(
            number=one.case.number or "",
            code=one.premises.code or "",
            name=_named(one.premises),
            kind_label=kind_label(one.premises.kind),
            address=one.premises.address,
            occasion=category_and_state(one.case)[0],
            state=one.case.state,
            state_label=category_and_state(one.case)[1],
            tone=_TONES.get(one.case.state, "neutral"),
            planned_for=one.planned_for,
            due_at=one.case.due_at,
            caution=shown_caution(one.case, one.case.due_at),
            late=one.case.closed_at is None and one.case.due_at is not None and one.case.due_at < at,
            closed_at=one.case.closed_at,
            result=result_label(one.case),
        )
        for one in inspections
    ]


def happening_lines(happenings: Iterable[Happening], *, hidden: Collection[str] = ()) -> list[dict[str, Any]]:
    """What happened, for the component of histories, without numbers that are ``hidden``; no query."""
    return [
        {
            "at": one.at,
            "who": one.actor_name if one.actor_name != "system" else said(phrase("premises:system")),
            "kind": said(phrase(f"premises:happened.{one.kind}")),
            "icon": _ICONS.get(one.kind, "circle-dot"),
            "text": _told({**one.detail, "number": ""} if one.detail.get("number") in hidden else one.detail),
        }
        for one in happenings
    ]


_ICONS: Final[Mapping[str, str]] = {
    "registered": "plus", "corrected": "edit", "closed": "archive", "planned": "calendar-event",
    "inspected": "checklist", "rechecked": "checklist", "escalated": "flag", "letter_signed": "certificate",
    "letter_issued": "printer", "plan_filed": "file-text", "commended": "star", "zero_incident": "star",
    "surveyed": "clipboard-list", "told": "speakerphone", "reminded": "bell", "met": "users-group",
}  # fmt: skip


def _told(detail: Mapping[str, Any]) -> str:
    """The plain parts of what is kept of an event: numbers, days, counts and reasons."""
    parts = [
        str(detail[key])
        for key in ("number", "day", "dated", "until", "to", "point", "subject")
        if detail.get(key)
    ]
    if "basis" in detail:
        parts.append(said(phrase(f"premises:class.{detail['basis']}")))
    if "found" in detail:
        parts.append(said(phrase("premises:told.found", count=detail["found"])))
    if "done" in detail:
        parts.append(said(phrase(f"premises:told.{'done' if detail['done'] else 'not_done'}")))
    if "participants" in detail:
        parts.append(said(phrase("premises:told.participants", count=detail["participants"])))
    if "what" in detail:
        parts.append(said(phrase(f"premises:reminder.{detail['what']}")))
    if "fields" in detail:
        parts.append("、".join(said(phrase(f"premises:field.{name}")) for name in detail["fields"]) or "—")
    if "count" in detail:
        parts.append(said(phrase("premises:told.incidents", count=detail["count"])))
    return " · ".join([*parts, *([detail["reason"]] if detail.get("reason") else [])])


def sheet_items(inspection: Inspection) -> list[dict[str, Any]]:
    """The checklist of an inspection with what was answered and shown; three queries."""
    answers = {one.item: one for one in inspection.answers.all()}
    photos: dict[int, list[Attachment]] = {}
    for photo in Photo.objects.filter(answer__inspection=inspection).select_related("attachment"):
        photos.setdefault(photo.answer_id or 0, []).append(photo.attachment)
    found = []
    for number, item in enumerate(items_of(inspection.checklist.items), 1):
        answer = answers.get(item.id)
        found.append(
            {
                "number": number,
                "id": item.id,
                "text": said(item.text),
                "rule": said(item.rule),
                "clause": item.clause,
                "value": answer.value if answer else "",
                "remark": answer.remark if answer else "",
                "fixed": answer.fixed if answer else None,
                "photos": photos.get(answer.pk, []) if answer else [],
            }
        )
    return found
