"""The resources of GeoReport v2: services, requests, tokens. There is one jurisdiction: its id is not asked.

Of a request only category, village, status and dates are given, and only where its category is public and
listed: no description, no position but the village's, no picture, no person. ``email``, ``device_id``,
``account_id`` and ``media_url`` are declined: nothing of them is read or kept.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from linli.kernel.spelling import case_number
from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import Invalid, Missing, TooMany
from linli.web.foundation.calendars.reading import caution
from linli.web.foundation.screens.wording import language, said
from linli.web.intake.codes import spaced
from linli.web.intake.models import Entry, Track
from linli.web.intake.offers import Offer, OfferedCategory, OfferedField, category_of, offers
from linli.web.intake.submitting import Request, submit
from linli.web.intake.tracking import find, listed, root_of
from linli.web.public.open311.answers import Fault, answer, fault_answer, one
from linli.web.public.open311.reading import attributes, degrees, wanted
from linli.web.public.views.asking import moment, sender

__all__ = ["discovery", "request_of_id", "requests", "service", "services", "token", "unknown"]

say = catalogue("linli.web.public")

_REQUESTS: Final = ("service_requests", "request")
_TITLE: Final = 60
_NAME, _PHONE = "reporter_name", "reporter_phone"
_TYPES: Final = {
    "choice": "singlevaluelist",
    "integer": "number",
    "decimal": "number",
    "date": "datetime",
    "datetime": "datetime",
    "long_text": "text",
}
View = Callable[..., HttpResponse]


def _answering(*methods: str) -> Callable[[View], View]:
    """Faults in the format that was asked for; other methods are refused in it too."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *, form: str, **given: str) -> HttpResponse:
            if request.method not in methods:
                return fault_answer(form, Fault(405, say("open311.method")))
            try:
                return view(request, form=form, **given)
            except Fault as fault:
                return fault_answer(form, fault)
            except (Missing, TooMany) as refusal:
                return fault_answer(form, Fault(refusal.status, refusal.text))

        return wrapped

    return wrap


@_answering("GET", "HEAD")
def services(request: HttpRequest, form: str) -> HttpResponse:
    """What can be raised."""
    rows = [_service(offer, category) for offer in offers() for category in offer.categories]
    return answer(form, ("services", "service"), rows)


def _service(offer: Offer, category: OfferedCategory) -> dict[str, Any]:
    name = said(category.name)
    return {
        "service_code": category.code,
        "service_name": name,
        "description": name,
        "metadata": bool(_asked(offer)),
        "type": "realtime",
        "keywords": f"{category.name.zh},{category.name.en.lower()}",
        "group": said(offer.name),
    }


def _asked(offer: Offer) -> list[OfferedField]:
    """What is asked beside the usual. Who asks is sent as first_name, last_name and phone."""
    return [field for field in offer.fields if field.why is None]


@_answering("GET", "HEAD")
def service(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """What one category asks for."""
    offer, category = _known(code)
    rows = [_attribute(number, field) for number, field in enumerate(_asked(offer), start=1)]
    return one(form, "service_definition", {"service_code": category.code, "attributes": rows})


def _attribute(number: int, field: OfferedField) -> dict[str, Any]:
    choices = field.choices
    if field.kind == "yes_no":
        choices = (("yes", say("yes")), ("no", say("no")))
    kind = "singlevaluelist" if choices else _TYPES.get(field.kind, "string")
    row: dict[str, Any] = {
        "variable": True,
        "code": field.id,
        "datatype": kind,
        "required": field.required,
        "datatype_description": said(field.help) if field.help is not None else None,
        "order": number,
        "description": said(field.name),
    }
    if choices:
        row["values"] = [{"key": id_, "name": said(name)} for id_, name in choices]
    return row


def _known(code: str) -> tuple[Offer, OfferedCategory]:
    found = category_of(code)
    if found is None:
        raise Fault(404, say("open311.service_unknown"))
    return found


@_answering("GET", "HEAD", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """The public requests that fit the filters, newest first; sent as a form: a new one."""
    if request.method == "POST":
        return _posted(request, form)
    asked = wanted(request.GET.dict(), moment(request))
    found = listed().select_related("merged_into")
    if asked.ids:
        found = found.filter(number__in=asked.ids)
    else:
        found = found.filter(opened_at__gte=asked.start, opened_at__lte=asked.end)
        if asked.services:
            found = found.filter(_of_services(asked.services))
        if len(asked.statuses) == 1:
            found = found.filter(closed_at__isnull="open" in asked.statuses)
    first = (asked.page - 1) * asked.size
    return answer(form, _REQUESTS, [_told(track) for track in found[first : first + asked.size]])


def _of_services(codes: tuple[str, ...]) -> Q:
    # An unknown code is asked for by nobody's mistake but the client's: it fits nothing.
    q = Q(pk__in=[])
    for code in codes:
        kind, _, category = code.partition("-")
        q |= Q(case_type=kind, category=category)
    return q


@_answering("GET", "HEAD")
def request_of_id(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """One public request."""
    track = listed().select_related("merged_into").filter(number=case_number(number)).first()
    if track is None:
        raise Fault(404, say("open311.request_unknown"))
    return answer(form, _REQUESTS, [_told(track)])


def _told(track: Track) -> dict[str, Any]:
    goes_on = root_of(track)
    english = language() == "en"
    return {
        "service_request_id": track.number,
        "status": "open" if track.is_open else "closed",
        "status_notes": _notes(track, goes_on),
        "service_name": track.category_name_en if english else track.category_name,
        "service_code": f"{track.case_type}-{track.category}",
        "description": None,
        "agency_responsible": (goes_on.office_en if english else goes_on.office) or None,
        "service_notice": _moves(track),
        "requested_datetime": _stamp(track.opened_at),
        "updated_datetime": _stamp(track.updated_at),
        "expected_datetime": _stamp(track.promised_at),
        "address": track.place_name or None,
        "address_id": None,
        "zipcode": None,
        "lat": track.latitude,
        "long": track.longitude,
        "media_url": None,
    }


def _notes(track: Track, goes_on: Track) -> str:
    if goes_on.pk != track.pk:
        return said(say("open311.merged", number=goes_on.number))
    english = language() == "en"
    names = (track.state_name_en, track.result_name_en) if english else (track.state_name, track.result_name)
    return " · ".join(name for name in names if name)


def _moves(track: Track) -> str | None:
    """That the expected time may still move, where it may."""
    text = caution(track.promised_at) if track.moves and track.is_open else None
    return None if text is None else said(text)


def _stamp(at: dt.datetime | None) -> str | None:
    return None if at is None else timezone.localtime(at).isoformat(timespec="seconds")


def _posted(request: HttpRequest, form: str) -> HttpResponse:
    given: dict[str, str] = request.POST.dict()
    code = given.get("service_code", "").strip()
    if not code:
        raise Fault(400, say("open311.no_service"))
    offer, category = _known(code)
    try:
        entry = submit(_asked_for(given, offer, category), at=moment(request), sender=sender(request))
    except Invalid as refusal:
        wrong = [said(text) for text in refusal.fields.values()] or [said(refusal.text)]
        rows = [{"code": 400, "description": text} for text in wrong]
        return answer(form, ("errors", "error"), rows, status=400)
    entry.refresh_from_db()
    url = request.build_absolute_uri(reverse("public_track", args=[entry.code]))
    notice = said(say("open311.notice", code=spaced(entry.code), url=url))
    told: dict[str, Any] = {"service_notice": notice, "account_id": None}
    if entry.state == Entry.State.TAKEN:
        return answer(form, _REQUESTS, [{"service_request_id": entry.number, **told}], status=201)
    return answer(form, _REQUESTS, [{"token": entry.code, **told}], status=201)


def _asked_for(given: dict[str, str], offer: Offer, category: OfferedCategory) -> Request:
    description = given.get("description", "").strip()
    who = {
        _NAME: " ".join(filter(None, (given.get("first_name", ""), given.get("last_name", "")))).strip(),
        _PHONE: given.get("phone", "").strip(),
    }
    known = {field.id for field in offer.fields}
    personal = {id_: value for id_, value in who.items() if value and id_ in known}
    first_line = description.splitlines()[0].strip() if description else ""
    return Request(
        service=category.code,
        title=first_line[:_TITLE] or category.name.zh,
        description=description,
        place=given.get("address_id", "").strip(),
        address=given.get("address_string", ""),
        longitude=degrees(given, "long"),
        latitude=degrees(given, "lat"),
        values={**attributes(given), **personal},
        anonymous=not personal,
        channel="open311",
    )


@_answering("GET", "HEAD")
def token(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """The id that came of a token; empty while the request waits in the queue."""
    found = find(code, at=moment(request), sender=sender(request))
    number = found.track.number if found.track is not None else ""
    return answer(form, _REQUESTS, [{"token": found.code, "service_request_id": number}])


@_answering("GET", "HEAD")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the server is and what it speaks."""
    root = request.build_absolute_uri(reverse("open311_root"))
    row = {
        "changeset": "2026-03-01T00:00:00+08:00",
        "contact": request.build_absolute_uri(reverse("public_home")),
        "key_service": None,
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": root.rstrip("/"),
                "changeset": "2026-03-01T00:00:00+08:00",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return one(form, "discovery", row)


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Anything else below the root."""
    form = "xml" if request.path.endswith(".xml") else "json"
    return fault_answer(form, Fault(404, say("open311.not_here")))
