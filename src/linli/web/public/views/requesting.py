"""A resident raises something: what there is, the form, and the code to follow it by."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import InputRefused
from linli.privacy.files import LookedOver, look_over
from linli.web.foundation.actions.refusals import Invalid, Missing, TooMany
from linli.web.foundation.places.fields import suggestions
from linli.web.foundation.screens.wording import language, said
from linli.web.intake import offers
from linli.web.intake.codes import spaced
from linli.web.intake.models import Entry
from linli.web.intake.submitting import Request, submit
from linli.web.intake.tracking import find
from linli.web.public.forms import FILES, RequestForm, chosen_from
from linli.web.public.views.asking import moment, own_code, page, remember_code, sender

__all__ = ["home", "outlines", "report", "sent", "village_names"]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What can be raised, and where one's own is looked up."""
    return page(request, "public/home.html", {"offers": offers.offers()})


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, service: str) -> HttpResponse:
    """The form of one category, and what comes of it. Needs no account and no scripts."""
    found = offers.category_of(service)
    if found is None:
        raise Http404
    offer, category = found
    if request.method == "POST":
        form = RequestForm(offer, request.POST, request.FILES)
        if form.is_valid():
            if form.cleaned_data["website"]:
                # No person fills in what cannot be seen; a machine learns nothing from the answer.
                return redirect("public_home")
            entry = _submitted(request, form, service)
            if entry is not None:
                response = redirect("public_sent", code=entry.code)
                remember_code(response, entry.code_hash)
                return response
    else:
        form = RequestForm(offer, initial={"submission": uuid.uuid4().hex})
    context = {"form": form, "offer": offer, "category": category, "outlines": reverse("public_outlines")}
    return page(request, "public/report.html", context, status=422 if form.errors else 200)


def _submitted(request: HttpRequest, form: RequestForm, service: str) -> Entry | None:
    files = _files(form)
    if files is None:
        return None
    given, names = form.cleaned_data, ("title", "description", "place", "address", "longitude", "latitude")
    asked = Request(
        service=service,
        **{name: given[name] for name in names},
        values=form.values(),
        anonymous=given["anonymous"],
        files=files,
        key=given["submission"],
    )
    try:
        return submit(asked, at=moment(request), sender=sender(request))
    except Invalid as refusal:
        form.refuse(refusal)
    except TooMany as refusal:
        form.add_error(None, said(refusal.text))
    return None


def _files(form: RequestForm) -> tuple[LookedOver, ...] | None:
    """Looked over and not opened: a job does that, once the request has been taken in."""
    most = settings.ATTACHMENT_MOST_BYTES
    looked: list[LookedOver] = []
    for one in form.cleaned_data["attachments"]:
        try:
            # One that is too large is refused for it before the rest of it is read.
            content = one.read(most + 1)
            looked.append(look_over(one.name, content, allowed=FILES, most_bytes=most))
        except InputRefused as refused:
            form.refuse_file(" ".join(finding.sentence(language()) for finding in refused.findings))
            return None
    return tuple(looked)


@require_GET
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """It was received: the code to keep, and what happens next."""
    try:
        found = find(code, at=moment(request), sender=sender(request), own=own_code(request))
    except Missing:
        return redirect("public_find")
    except TooMany as refusal:
        context: dict[str, Any] = {"typed": code[:40], "error": said(refusal.text)}
        return page(request, "public/find.html", context, status=refusal.status)
    track = found.track
    context = {
        "code": found.code,
        "spaced": spaced(found.code),
        "track": track,
        "refused": found.entry is not None and found.entry.state == Entry.State.REFUSED,
    }
    return page(request, "public/sent.html", context)


@require_GET
def outlines(request: HttpRequest) -> JsonResponse:
    """The outlines of the area, for finding one's way on the map."""
    return JsonResponse(offers.outlines(), headers={"Cache-Control": "public, max-age=3600"})


@require_POST
def village_names(request: HttpRequest) -> JsonResponse:
    """The villages that fit what is being typed."""
    return JsonResponse(suggestions(request.POST.get("q", ""), chosen_from()), safe=False)
