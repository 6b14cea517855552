"""Entries of the log as people read them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.models import Organisation, User
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.naming import ACCOUNT_NAME
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["Line", "Names", "action_choices", "action_label", "line", "lines", "station_names"]

say = catalogue("linli.web.foundation.audit")
_PREFIX = "action."


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the log."""

    at: dt.datetime
    who: str
    account_id: int | None
    via: str
    address: str
    action: str
    subject: str
    case_number: str
    subject_account: int | None
    station: str
    detail: str
    is_read: bool


@cache
def _names() -> Mapping[str, Text]:
    """What actions are called, by id: from the catalogues of all apps, each of which names its own."""
    found: dict[str, Text] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("linli.web.") and (Path(app.path) / "messages.toml").is_file():
            texts = catalogue(app.name).templates
            found |= {
                key.removeprefix(_PREFIX): text for key, text in texts.items() if key.startswith(_PREFIX)
            }
    return found


def action_label(action: str) -> str:
    """What an action is called; its id where it has no name yet."""
    text = _names().get(action)
    return action if text is None else said(text)


def action_choices() -> list[tuple[str, str]]:
    """The actions that have a name, to choose from."""
    return sorted(((id_, said(text)) for id_, text in _names().items()), key=lambda pair: pair[1])


def lines(entries: Iterable[Entry]) -> list[Line]:
    """Some entries as lines; one query for the names of accounts."""
    found = list(entries)
    names, stations = _known_names(found), station_names()
    return [line(one, stations, names) for one in found]


@dataclass(frozen=True)
class Names:
    """Names of the accounts and organisations that entries speak of by id."""

    accounts: Mapping[int, str] = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)


def _known_names(entries: list[Entry]) -> Names:
    accounts = {
        int(e.subject_id) for e in entries if e.subject_kind == "account" and e.subject_id.isdecimal()
    }
    accounts |= {v for e in entries for k in ("account", "assignee") if isinstance(v := e.detail.get(k), int)}
    offices = {v for e in entries if isinstance(v := e.detail.get("organisation"), int)}
    return Names(
        dict(User.objects.filter(pk__in=accounts).values_list("pk", "display_name")),
        {one.pk: one.named(language()) for one in Organisation.objects.filter(pk__in=offices)},
    )


def line(entry: Entry, stations: Mapping[str, str], names: Names | None = None) -> Line:
    """An entry as a line."""
    known = names or Names()
    detail = dict(entry.detail)
    number = str(detail.pop("number", "") or "")
    account = (
        int(entry.subject_id) if entry.subject_kind == "account" and entry.subject_id.isdecimal() else None
    )
    return Line(
        at=entry.at,
        who=entry.actor_name or said(say("somebody")),
        account_id=entry.actor_id,
        via=said(say(f"via.{entry.via}")) if f"via.{entry.via}" in say.templates else entry.via,
        address=entry.address,
        action=action_label(entry.action),
        subject=_subject(entry, number, account, known, detail),
        case_number=number if entry.subject_kind == "case" else "",
        subject_account=account,
        station=stations.get(entry.station_code, entry.station_code),
        detail=_told(detail, known),
        is_read=entry.action == "case.read_personal",
    )


def _subject(entry: Entry, number: str, account: int | None, names: Names, detail: dict[str, Any]) -> str:
    if account is not None:
        username = str(detail.pop("username", ""))
        return names.accounts.get(account, "") or username or entry.subject_id
    return number or f"{entry.subject_kind} {entry.subject_id}".strip()


def station_names() -> Mapping[str, str]:
    """Stations of the deployment in force by code."""
    places = current_map()
    return {} if places is None else {code: one.name for code, one in places.stations.items()}


def _told(detail: dict[str, Any], names: Names) -> str:
    """Only names of things are in there; those that people know by another name are shown by it."""
    parts = []
    for key, value in detail.items():
        if value in ("", None, [], {}):
            continue
        name = said(say(f"detail.{key}")) if f"detail.{key}" in say.templates else key
        each = value if isinstance(value, list) else [value]
        parts.append(f"{name}：{'、'.join(_known(key, one, names) for one in each)}")
    return "；".join(parts)


def _known(key: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return said(say("yes" if value else "no"))
    if isinstance(value, int):
        found = names.organisations if key == "organisation" else names.accounts
        return found.get(value, str(value)) if key in ("organisation", "account", "assignee") else str(value)
    text = str(value)
    match key:
        case "fields":
            return _field_name(text.rpartition(".")[2])
        case "tried":
            return action_label(text)
        case "tries":
            action, _, subject = text.partition(" ")
            return f"{action_label(action)} {subject}"
        case "type" if text in case_types():
            return said(case_types()[text].name)
        case "role" if (role := role_of(text)) is not None:
            return said(role.name)
        case "by" if f"value.by.{text}" in say.templates:
            return said(say(f"value.by.{text}"))
    return text


def _field_name(id_: str) -> str:
    found = next((spec.field_by_id[id_] for spec in case_types().values() if id_ in spec.field_by_id), None)
    if found is None:
        return said(phrase("casework:field.reporter_account")) if id_ == ACCOUNT_NAME else id_
    return said(found.name)
