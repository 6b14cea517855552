"""What the API takes and gives. Types are strict: a ``false`` is no number, and unknown keys are refused."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, Strict

from linli.web.foundation.casework.models import Case, Event
from linli.web.foundation.casework.naming import doer
from linli.web.foundation.casework.presenting import shown_caution
from linli.web.foundation.screens.wording import said

__all__ = [
    "Answer",
    "Assignment",
    "CaseIn",
    "CaseOut",
    "CasePage",
    "CaseTypeOut",
    "ErrorOut",
    "EventOut",
    "Me",
    "Note",
    "PlaceOut",
    "Step",
    "SubscriptionIn",
    "SubscriptionOut",
    "case_out",
    "event_out",
]

Text = Annotated[str, Strict(), Field(max_length=4000)]
Short = Annotated[str, Strict(), Field(max_length=200)]
Slug = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Degrees = Annotated[float, Strict()]
Whole = Annotated[int, Strict(), Field(ge=0, lt=2**31)]


class _In(Schema):
    model_config = ConfigDict(extra="forbid")


class ErrorOut(Schema):
    """Every error has this shape."""

    code: str
    status: int
    message: str
    fields: dict[str, str] = Field(default_factory=dict)
    findings: list[str] = Field(default_factory=list)


class Me(Schema):
    """Who a token stands for."""

    name: str
    roles: list[str]
    organisations: list[str]


class CaseIn(_In):
    """A case to open."""

    type: Slug
    category: Slug
    title: Annotated[str, Strict(), Field(min_length=1, max_length=200)]
    description: Text = ""
    longitude: Degrees | None = None
    latitude: Degrees | None = None
    place: Annotated[str, Strict(), Field(max_length=32)] = ""
    address: Short = ""
    occurred_at: dt.datetime | None = None
    data: dict[str, str | bool | int] = Field(default_factory=dict, max_length=50)


class Step(_In):
    """A step to take; ``revision`` is the one that was read."""

    revision: Whole
    result: Annotated[str, Strict(), Field(max_length=40)] = ""
    note: Text = ""
    answer: Text = ""
    data: dict[str, str | bool | int] = Field(default_factory=dict, max_length=50)


class Note(_In):
    """A note for colleagues."""

    text: Text


class Answer(_In):
    """An answer to the person who raised the case."""

    text: Text


class Assignment(_In):
    """Whom a case is given to."""

    organisation: Whole
    person: Whole | None = None
    note: Text = ""
    revision: Whole | None = None


class CaseOut(Schema):
    """A case. Nothing that a person said about themselves is in it."""

    number: str
    type: str
    category: str
    state: str
    title: str
    description: str | None = None
    data: dict[str, Any] | None = None
    priority: int
    station: str
    beat: str
    place: str
    address: str
    longitude: float | None
    latitude: float | None
    opened_at: dt.datetime
    due_at: dt.datetime | None
    due_caution: str | None
    promised_at: dt.datetime | None
    closed_at: dt.datetime | None
    result: str
    owner: str
    revision: int
    steps: list[str] | None = None


class CasePage(Schema):
    """A page of cases; ``next`` goes into ``after`` for the page that follows."""

    items: list[CaseOut]
    next: str | None


class EventOut(Schema):
    """Something that happened to a case."""

    sequence: int
    kind: str
    at: dt.datetime
    by: str
    text: str
    public: bool


class CaseTypeOut(Schema):
    """A case type, as far as a program needs it to fill in a form."""

    id: str
    name: str
    name_en: str
    version: int
    categories: dict[str, str]
    states: dict[str, str]
    steps: dict[str, list[str]]
    fields: dict[str, str]
    results: dict[str, str]


class PlaceOut(Schema):
    """A village or community of the deployment in force."""

    code: str
    name: str
    station: str
    beat: str
    longitude: float
    latitude: float


class SubscriptionIn(_In):
    """Where messages go to, and about which case types; none for all."""

    url: Annotated[str, Strict(), Field(max_length=300)]
    kinds: list[Slug] = Field(default_factory=list, max_length=50)


class SubscriptionOut(Schema):
    """A subscription; the secret is given once, when it is made."""

    id: int
    url: str
    kinds: list[str]
    active: bool
    waiting: int = 0
    secret: str | None = None


Order = Literal["newest", "due"]


def case_out(case: Case, *, whole: bool = False, steps: list[str] | None = None) -> CaseOut:
    """A case as the API gives it; lists leave out what is long."""
    return CaseOut(
        number=case.number or "",
        type=case.case_type,
        category=case.category,
        state=case.state,
        title=case.title,
        description=case.description if whole else None,
        data=case.data if whole else None,
        priority=case.priority,
        station=case.station_code,
        beat=case.beat_code,
        place=case.place_code,
        address=case.address,
        longitude=case.longitude,
        latitude=case.latitude,
        opened_at=case.opened_at,
        due_at=case.due_at,
        due_caution=shown_caution(case, case.due_at) or None,
        promised_at=case.promised_at,
        closed_at=case.closed_at,
        result=case.result,
        owner=case.organisation.name if case.organisation else "",
        revision=case.revision,
        steps=steps,
    )


def event_out(event: Event) -> EventOut:
    """An event as the API gives it."""
    return EventOut(
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        by=event.actor_name or said(doer(event)),
        text=event.text,
        public=event.public,
    )
