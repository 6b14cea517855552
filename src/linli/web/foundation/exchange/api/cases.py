"""Cases over the API: list, read, open, move, write."""

import datetime as dt
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.moments import EARLIEST, latest, sensible
from linli.web.foundation.casework.actions.moving import Move, allowed_steps
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import AddNote, Assign, GiveAnswer
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import visible_events
from linli.web.foundation.casework.selectors import Cursor, Filters, case_for, case_page
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.versions import spec_of
from linli.web.foundation.exchange.api.asking import actor_of_request, once, say
from linli.web.foundation.exchange.api.shapes import (
    Answer,
    Assignment,
    CaseIn,
    CaseOut,
    CasePage,
    ErrorOut,
    EventOut,
    Note,
    Order,
    Step,
    case_out,
    event_out,
)

__all__ = ["router"]

router = Router(tags=["cases"])
ERRORS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut}
Code = Annotated[str, Field(max_length=40)]


@router.get("", response={200: CasePage, **ERRORS}, operation_id="list_cases")
def list_cases(
    request: HttpRequest,
    type: Annotated[list[Code], Query()] = [],  # noqa: A002, B006 - the API's own word
    state: Annotated[list[Code], Query()] = [],  # noqa: B006
    station: Annotated[list[Code], Query()] = [],  # noqa: B006
    beat: Annotated[list[Code], Query()] = [],  # noqa: B006
    status: Literal["", "open", "closed", "late"] = "",
    after: Annotated[str, Query(max_length=60)] = "",
    size: Annotated[int, Query(ge=1, le=200)] = 50,
    order: Order = "newest",
) -> CasePage:
    """The cases that the token's account may export, newest first or soonest due first.

    Beside them its own: those in hand or raised by it, and those of the office of a partner or a unit. What
    it may only see is read one by one. Every list is an entry of the log.
    """
    cursor = Cursor.parse(after) if after else None
    if after and cursor is None:
        raise Invalid(say("api.cursor"), {"after": say("api.cursor")})
    filters = Filters(
        kinds=tuple(type), states=tuple(state), stations=tuple(station), beats=tuple(beat), status=status
    )
    page = case_page(
        actor_of_request(request),
        filters,
        at=now(request),
        after=cursor,
        size=size,
        order=order,
        way="program",
    )
    return CasePage(
        items=[case_out(case) for case in page.cases], next=None if page.next is None else str(page.next)
    )


@router.post("", response={201: CaseOut, 200: CaseOut, **ERRORS}, operation_id="open_case")
def open_case(request: HttpRequest, given: CaseIn) -> Status[CaseOut]:
    """Open a case. The same ``Idempotency-Key`` sent again gives the case that was opened, with 200.

    With another body, or to another address, it is refused with 422 and the code ``key_reused``; with 403
    where the account may not see the case any more.
    """
    action = OpenCase(
        kind=given.type,
        category=given.category,
        title=given.title,
        description=given.description,
        channel="api",
        longitude=given.longitude,
        latitude=given.latitude,
        place=given.place,
        address=given.address,
        occurred_at=_aware(given.occurred_at),
        data=given.data,
    )
    case, new = once(request, action)
    return Status(201 if new else 200, case_out(case, whole=True))


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise Invalid(say("api.no_zone"), {"occurred_at": say("api.no_zone")})
    if moment is not None and not sensible(moment):
        told = say("api.moment", first=EARLIEST, last=latest())
        raise Invalid(told, {"occurred_at": told})
    return moment


@router.get("/{number}", response={200: CaseOut, 304: None, **ERRORS}, operation_id="read_case")
def read_case(request: HttpRequest, response: HttpResponse, number: str) -> CaseOut | Status[None]:
    """A case with the steps that can be taken. ``ETag`` is its revision, for ``If-None-Match``."""
    case = _case(request, number)
    tag = f'"{case.revision}"'
    response["ETag"] = tag
    if request.headers.get("If-None-Match") == tag:
        return Status(304, None)
    return case_out(case, whole=True, steps=_steps(request, case))


def _case(request: HttpRequest, number: str) -> Case:
    actor, at = actor_of_request(request), now(request)
    return case_for(actor, number[:40].replace("\x00", ""), at=at)


def _steps(request: HttpRequest, case: Case) -> list[str]:
    actor, at = actor_of_request(request), now(request)
    if not may_case(actor, "work", case, at):
        return []
    return [step.id for step in allowed_steps(case, spec_of(case), Context(actor, at))]


@router.get("/{number}/events", response={200: list[EventOut], **ERRORS}, operation_id="list_events")
def list_events(request: HttpRequest, number: str) -> list[EventOut]:
    """What happened to a case, oldest first."""
    return [event_out(event) for event in visible_events(_case(request, number), actor_of_request(request))]


@router.post("/{number}/steps/{step}", response={200: CaseOut, **ERRORS}, operation_id="take_step")
def take_step(request: HttpRequest, number: str, step: str, given: Step) -> CaseOut:
    """Take a step; an older revision is answered with 409."""
    case = _case(request, number)
    action = Move(
        case_id=case.pk,
        step=step,
        revision=given.revision,
        result=given.result,
        note=given.note,
        answer=given.answer,
        data=given.data,
    )
    return case_out(once(request, action)[0], whole=True)


@router.post("/{number}/notes", response={201: CaseOut, **ERRORS}, operation_id="write_note")
def write_note(request: HttpRequest, number: str, given: Note) -> Status[CaseOut]:
    """Write a note for colleagues."""
    case, _ = once(request, AddNote(case_id=_case(request, number).pk, text=given.text))
    return Status(201, case_out(case, whole=True))


@router.post("/{number}/answers", response={201: CaseOut, **ERRORS}, operation_id="give_answer")
def give_answer(request: HttpRequest, number: str, given: Answer) -> Status[CaseOut]:
    """Tell the person who raised the case something."""
    case, _ = once(request, GiveAnswer(case_id=_case(request, number).pk, text=given.text))
    return Status(201, case_out(case, whole=True))


@router.post("/{number}/assignment", response={200: CaseOut, **ERRORS}, operation_id="assign_case")
def assign_case(request: HttpRequest, number: str, given: Assignment) -> CaseOut:
    """Give a case to an organisation or to a person of one."""
    action = Assign(
        case_id=_case(request, number).pk,
        organisation_id=given.organisation,
        assignee_id=given.person,
        note=given.note,
        revision=given.revision,
    )
    return case_out(once(request, action)[0], whole=True)
