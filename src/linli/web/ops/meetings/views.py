"""Pages of meetings: the list, planning one, one meeting and how it went."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.io.sheets import Cell
from linli.kernel.errors import InputRefused, LinliError
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import rows
from linli.web.foundation.casework.selectors import Cursor, seen_of
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.meetings.actions import (
    AddPhoto,
    CancelMeeting,
    FollowMeeting,
    HoldMeeting,
    PlanMeeting,
    say,
)
from linli.web.ops.meetings.forms import FOLLOWED, CancelForm, FollowForm, HoldForm, PlanForm
from linli.web.ops.meetings.models import Meeting
from linli.web.ops.meetings.reach import KIND, may_hold, offices_of, places_of
from linli.web.ops.meetings.selectors import PAGE, meeting_for, meetings

__all__ = ["add_photo", "cancel", "export", "follow", "hold", "meeting", "meeting_list", "photo", "plan"]

_TONES: Final = {"planned": "info", "held": "good", "cancelled": "neutral"}


def _found(request: HttpRequest) -> Any:
    found, asked = meetings(actor(request)), request.GET
    if asked.get("kind") in Meeting.Kind.values:
        found = found.filter(kind=asked["kind"])
    if asked.get("status") in Meeting.Status.values:
        found = found.filter(status=asked["status"])
    if asked.get("station"):
        found = found.filter(station_code=asked["station"])
    return found.select_related("organisation").order_by("-starts_at", "-pk")


@require_GET
@login_required
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The meetings of the actor's area, the latest first."""
    who = actor(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("may_not_see"))
    found, after = _found(request), Cursor.parse(request.GET.get("after", ""))
    if after is not None:
        later = Q(starts_at__lt=after.moment) | Q(starts_at=after.moment, pk__lt=after.id)
        found = found.filter(later, starts_at__lte=after.moment)
    page = list(found[: PAGE + 1])
    query = request.GET.copy()
    query.pop("after", None)
    places = current_map()
    names = places.places if places is not None else {}
    context = {
        "lines": [
            (one, names[one.place_code].name if one.place_code in names else "", _TONES[one.status])
            for one in page[:PAGE]
        ],
        "next_url": _next(query.urlencode(), page[PAGE - 1]) if len(page) > PAGE else "",
        "query": query.urlencode(),
        "kinds": [
            (k, said(phrase(f"meetings:kind.{k}")), k == query.get("kind")) for k in Meeting.Kind.values
        ],
        "statuses": [
            (s, said(phrase(f"meetings:status.{s}")), s == query.get("status")) for s in Meeting.Status.values
        ],
        "stations": [
            (code, one.name, code == query.get("station"))
            for code, one in (places.stations if places else {}).items()
        ],
        "may_plan": may_anywhere(who, "open", KIND),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "meetings/list.html", context)


def _next(query: str, last: Meeting) -> str:
    return f"?{query}&after={Cursor(last.starts_at, last.pk)}"


_COLUMNS: Final = (
    "starts_at", "kind", "status", "title", "office", "place", "where", "attendance", "topics", "opinions",
)  # fmt: skip


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The filtered list as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [said(phrase(f"meetings:label.{name}")) for name in _COLUMNS]
    title, name = said(phrase("meetings:nav")), f"meetings-{file_stamp(now(request))}"
    return download(form, name, title, header, _rows(_found(request)))


def _rows(found: Any) -> Iterator[list[Cell]]:
    places = current_map()
    names = places.places if places is not None else {}
    for one in found.iterator(chunk_size=500):
        yield [
            timezone.localtime(one.starts_at).replace(tzinfo=None),
            said(phrase(f"meetings:kind.{one.kind}")),
            said(phrase(f"meetings:status.{one.status}")),
            one.title,
            one.organisation.named(language()),
            names[one.place_code].name if one.place_code in names else one.place_code,
            one.where,
            one.attendance,
            one.topics,
            one.opinions,
        ]


@require_http_methods(["GET", "POST"])
@login_required
def plan(request: HttpRequest) -> HttpResponse:
    """The form for a meeting, and what comes of it."""
    places = places_of(actor(request))
    if not places:
        raise Forbidden(say("may_not_plan"))
    offices = offices_of(actor(request))
    form = PlanForm(offices, places, request.POST or None, initial={"submission": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            made = carry_out(request, PlanMeeting(**form.values()))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone as before:
            return redirect("meeting", pk=before.number("meeting"))
        else:
            messages.success(request, said(phrase("meetings:done.planned")))
            return redirect("meeting", pk=made.pk)
    return render(request, "meetings/plan.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: when and where, how it went, what it led to."""
    return _page(request, meeting_for(actor(request), pk), {})


def _followed(request: HttpRequest) -> list[str]:
    return [kind for kind in FOLLOWED if kind in case_types() and may_anywhere(actor(request), "open", kind)]


def _page(
    request: HttpRequest, found: Meeting, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    at, may_change = now(request), may_hold(actor(request), found)
    start = {"submission": uuid.uuid4().hex}
    places = current_map()
    place = places.places.get(found.place_code) if places is not None else None
    planned = may_change and found.status == Meeting.Status.PLANNED
    kinds = _followed(request)
    ids = found.follow_ups.values("case_id")
    followed = Case.objects.filter(pk__in=ids).select_related("organisation", "assignee").order_by("pk")
    context = {
        "meeting": found,
        "tone": _TONES[found.status],
        "place": place,
        "hold_form": bound.get("hold") or HoldForm(initial={**start, "topics": found.topics})
        if planned and found.starts_at <= at
        else None,
        "cancel_form": bound.get("cancel") or CancelForm(initial=start) if planned else None,
        "follow_form": bound.get("follow") or FollowForm(kinds, initial=start)
        if may_change and kinds and found.status == Meeting.Status.HELD
        else None,
        "may_change": may_change,
        "photos": list(found.photos.order_by("pk")),
        "cases": rows(seen_of(followed, actor(request), at), at),
    }
    return render(request, "meetings/meeting.html", context, status=status)


def _sent(request: HttpRequest, pk: int, key: str, form: forms.Form, make: Any, word: str) -> HttpResponse:
    found = meeting_for(actor(request), pk)
    if form.is_valid():
        try:
            carry_out(request, make(form))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("meeting", pk=pk)
        else:
            messages.success(request, said(phrase(f"meetings:done.{word}")))
            return redirect("meeting", pk=pk)
    return _page(request, found, {key: form}, 422)


@require_POST
@login_required
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """It was held."""

    def make(form: forms.Form) -> Action[Meeting]:
        given = form.cleaned_data
        return HoldMeeting(
            meeting_id=pk, attendance=given["attendance"], topics=given["topics"], opinions=given["opinions"]
        )

    return _sent(request, pk, "hold", HoldForm(request.POST), make, "held")


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It is cancelled."""

    def make(form: forms.Form) -> Action[Meeting]:
        return CancelMeeting(meeting_id=pk, remark=form.cleaned_data["remark"])

    return _sent(request, pk, "cancel", CancelForm(request.POST), make, "cancelled")


@require_POST
@login_required
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """A case is opened from it."""

    def make(form: forms.Form) -> Action[Meeting]:
        assert isinstance(form, FollowForm)  # noqa: S101 - made below
        return FollowMeeting(meeting_id=pk, **form.values())

    return _sent(request, pk, "follow", FollowForm(_followed(request), request.POST), make, "followed")


@require_POST
@login_required
def add_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture or paper is added."""
    meeting_for(actor(request), pk)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Invalid(say("no_file"))
        content = content_of(file)
        carry_out(request, AddPhoto(meeting_id=pk, file_name=file.name or "", content=content))
    except AlreadyDone:
        pass
    except InputRefused as refusal:
        for finding in refusal.findings:
            messages.error(request, finding.sentence(language()))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(phrase("meetings:done.photo")))
    return redirect("meeting", pk=pk)


@require_GET
@login_required
def photo(request: HttpRequest, pk: int, photo: int) -> FileResponse:
    """A picture or paper, as something that no browser runs."""
    found = meeting_for(actor(request), pk).photos.filter(pk=photo).first()
    if found is None or not default_storage.exists(found.path):
        raise Missing(say("missing"))
    response = FileResponse(
        default_storage.open(found.path),
        as_attachment=not found.media_type.startswith("image/"),
        filename=found.name,
        content_type=found.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
