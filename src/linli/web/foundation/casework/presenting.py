"""A case as a page shows it: names of states and types, clocks in words, its history."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.roles import is_outside, role_of
from linli.web.foundation.casework.cautions import caution_of
from linli.web.foundation.casework.models import Attachment, Case, Event
from linli.web.foundation.casework.naming import doer
from linli.web.foundation.casework.selectors import seen_numbers
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.versions import spec_or_none
from linli.web.foundation.places.locating import Map, current_map, map_of
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = [
    "Row",
    "category_and_state",
    "history",
    "kind_and_state",
    "may_open_file",
    "place_label",
    "result_label",
    "role_names",
    "row",
    "rows",
    "shown_caution",
    "shown_values",
    "visible_events",
]

_TONES: Mapping[str, str] = {"open": "progress", "waiting": "warning", "closed": "good"}

_WITH_ANOTHER = ("merged", "merged_here", "parted")
"""Events that name the case that another was merged with."""
_NAMES: Mapping[str, str] = {"shared": "organisation", "unshared": "organisation", "released": "who"}
"""Events whose fact is one name, and where it stands."""
_ICONS: Mapping[str, str] = {
    "opened": "plus",
    "answer": "message-2",
    "note": "edit",
    "attached": "paperclip",
    "file_refused": "alert-triangle",
    "escalated": "alert-triangle",
    "reckoned": "calendar",
    "moved": "arrow-right",
    "shared": "share",
    "assigned": "user",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list of cases."""

    number: str
    title: str
    kind: str
    kind_label: str
    category_label: str
    state_label: str
    tone: str
    priority: int
    priority_label: str
    place_label: str
    owner: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    caution: str
    """What is said beside the deadline where it may still move."""
    late: bool
    paused: bool
    closed: bool
    longitude: float | None
    latitude: float | None


def rows(cases: Iterable[Case], at: dt.datetime) -> list[Row]:
    """Some cases as lines of a list; no query."""
    current = current_map()
    return [row(case, at, current) for case in cases]


def row(case: Case, at: dt.datetime, places: Map | None = None) -> Row:
    """A case as a line of a list."""
    spec = spec_or_none(case)
    state = spec.state_by_id.get(case.state) if spec else None
    category = spec.category_by_id.get(case.category) if spec else None
    return Row(
        number=case.number or "",
        title=case.title,
        kind=case.case_type,
        kind_label=said(spec.name) if spec else case.case_type,
        category_label=said(category.name) if category else case.category,
        state_label=said(state.name) if state else case.state,
        tone=_TONES[state.kind] if state else "neutral",
        priority=case.priority,
        priority_label=said(phrase(f"casework:priority.{case.priority}")),
        place_label=place_label(case, places),
        owner=_owner(case),
        opened_at=case.opened_at,
        due_at=case.due_at,
        caution=shown_caution(case, case.due_at),
        late=case.closed_at is None and case.due_at is not None and case.due_at < at,
        paused=case.closed_at is None and case.remaining_seconds is not None,
        closed=case.closed_at is not None,
        longitude=case.longitude,
        latitude=case.latitude,
    )


def shown_caution(case: Case, due: dt.datetime | None) -> str:
    """What a screen says beside a date of a case that may still move; empty where it will not."""
    text = caution_of(case, due)
    return "" if text is None else said(text)


def kind_and_state(case: Case, at: dt.datetime) -> tuple[str, str, str]:
    """Type and state of a case in words, and the tone of its point on a map."""
    spec = spec_or_none(case)
    state = spec.state_by_id.get(case.state) if spec else None
    late = case.closed_at is None and case.due_at is not None and case.due_at < at
    tone = "danger" if late else _TONES[state.kind] if state else "neutral"
    return said(spec.name) if spec else case.case_type, said(state.name) if state else case.state, tone


def category_and_state(case: Case) -> tuple[str, str]:
    """Category and state of a case in words."""
    spec = spec_or_none(case)
    category = spec.category_by_id.get(case.category) if spec else None
    state = spec.state_by_id.get(case.state) if spec else None
    return said(category.name) if category else case.category, said(state.name) if state else case.state


def result_label(case: Case) -> str:
    """How a case ended, in words; empty where it did not."""
    spec = spec_or_none(case)
    result = spec.result_by_id.get(case.result) if spec else None
    return said(result.name) if result else case.result


def place_label(case: Case, places: Map | None = None) -> str:
    """Where it is, in words: the address, else the place, else the station."""
    if case.address:
        return case.address
    found = places if places is not None and places.version == case.version_id else None
    if found is None and case.version_id is not None:
        found = map_of(case.version_id)
    if found is None:
        return case.place_code or case.station_code
    place, station = found.places.get(case.place_code), found.stations.get(case.station_code)
    return (place.name if place else "") or (station.name if station else "")


def _owner(case: Case) -> str:
    if case.assignee is not None:
        return case.assignee.display_name
    return case.organisation.named(language()) if case.organisation else ""


def shown_values(case: Case, spec: TypeSpec) -> list[tuple[str, str]]:
    """The plain fields of a case with their names, in the order of the type."""
    found = []
    for one in spec.fields:
        if one.id in case.data:
            value = case.data[one.id]
            if one.kind == "choice":
                value = said(dict(one.choices)[value]) if value in dict(one.choices) else value
            elif one.kind == "yes_no":
                value = said(phrase(f"casework:{'yes' if value else 'no'}"))
            elif one.kind == "datetime":
                value = str(value).replace("T", " ")[:16]
            found.append((said(one.name), str(value)))
    return found


def visible_events(case: Case, actor: Actor) -> list[Event]:
    """What happened, oldest first, as far as an actor is told of it.

    Somebody who works elsewhere (a unit's manager, a court's clerk) sees what is public and what they did
    themselves; of the steps of others that they were taken, not what colleagues noted with them.
    """
    events = list(case.events.all())
    if not is_outside(actor.roles):
        return events
    shown = []
    for event in events:
        own = event.actor_id is not None and event.actor_id == actor.user_id
        if own or event.public:
            shown.append(event)
        elif event.kind == "moved":
            event.text = ""
            shown.append(event)
    return shown


def may_open_file(file: Attachment, actor: Actor) -> bool:
    """Whether an actor who sees the case may open one of its files."""
    return file.public or not is_outside(actor.roles) or file.event.actor_id == actor.user_id


def history(case: Case, spec: TypeSpec, actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """What happened, newest first, as far as an actor is told of it; two queries.

    Where cases were merged it takes another: only those that the actor sees are named.
    """
    files: dict[int, list[Attachment]] = {}
    for one in case.attachments.all():
        files.setdefault(one.event_id, []).append(one)
    events = visible_events(case, actor)
    seen = seen_numbers([number for event in events if (number := _beside(event))], actor, at)
    return [
        _told(event, spec, files.get(event.pk, []), case.number or "", seen) for event in reversed(events)
    ]


def _beside(event: Event) -> str:
    """The number of the case with which another was merged."""
    if event.kind not in _WITH_ANOTHER:
        return ""
    return str(event.detail.get("into") or event.detail.get("from") or "")


def _told(
    event: Event, spec: TypeSpec, files: list[Attachment], number: str, seen: Collection[str]
) -> dict[str, Any]:
    step = spec.transition_by_id.get(event.detail.get("step", ""))
    facts = _moved_dates(event.detail) if event.kind == "reckoned" else _facts(event, spec, seen)
    label = said(step.name) if step else said(phrase(f"casework:event.{event.kind}"))
    return {
        "at": event.at,
        "who": said(doer(event)),
        "event": event.kind,
        "kind": label,
        "icon": _ICONS.get(event.kind, "circle-dot"),
        "tone": "info" if event.public else "neutral",
        "text": "\n".join(part for part in (" · ".join(facts), event.text) if part),
        "public": event.public,
        "attachments": [_file(one, number) for one in files],
    }


def _file(file: Attachment, number: str) -> dict[str, Any]:
    if file.waiting:
        return {"name": file.name, "note": said(phrase("casework:attach.waiting"))}
    return {"name": file.name, "size": file.size, "url": f"/cases/{number}/files/{file.pk}/"}


def _facts(event: Event, spec: TypeSpec, seen: Collection[str]) -> list[str]:
    detail, found = event.detail, []
    if event.kind == "moved":
        names = [spec.state_by_id[s].name for s in (detail["from"], detail["to"]) if s in spec.state_by_id]
        found.append(" → ".join(said(name) for name in names))
        if detail.get("result") in spec.result_by_id:
            found.append(said(spec.result_by_id[detail["result"]].name))
    elif event.kind == "assigned":
        found.append(" → ".join(part for part in (detail["from"], detail["to"]) if part))
        found += [detail["who"]] if detail["who"] else []
    elif event.kind in _NAMES:
        found.append(detail[_NAMES[event.kind]])
    elif event.kind in _WITH_ANOTHER:
        found += [beside] if (beside := _beside(event)) in seen else []
    elif event.kind == "escalated":
        key = f"casework:late.{detail['clock']}"
        found.append(said(phrase(key, hours=f"{detail['after_hours']:g}", count=detail["told"])))
    elif event.kind == "file_refused":
        found.append(detail[language()])
    elif event.kind == "opened":
        found += [detail["organisation"]] if detail.get("organisation") else []
    elif event.kind == "feedback":
        found.append(said(phrase(f"casework:feedback.{'solved' if detail['solved'] else 'unsolved'}")))
    return found


def _moved_dates(detail: Mapping[str, Any]) -> list[str]:
    """Each deadline that the calendar moved, from when to when."""
    found = []
    for clock in ("case", "state", "handover"):
        old, new = detail.get(clock) or (None, None)
        if old is not None and new is not None:
            days = {"old": _local(old), "new": _local(new)}
            found.append(said(phrase(f"casework:reckoned.{clock}", **days)))
    return found


def _local(moment: str) -> str:
    return timezone.localtime(dt.datetime.fromisoformat(moment)).strftime("%Y-%m-%d %H:%M")


def role_names(roles: Iterable[str]) -> str:
    """Some roles by name."""
    return "、".join(said(role.name) for id_ in roles if (role := role_of(id_)) is not None)
