"""Pages of deployments: the versions, proposing one, what it changes, deciding, and the day it begins."""

import hashlib
import json
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import InputRefused, LinliError
from linli.web.foundation.accounts.access import local_day, may, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone, perform
from linli.web.foundation.actions.refusals import Forbidden, Missing, Refusal
from linli.web.foundation.actions.sending import form_sending
from linli.web.foundation.border.moments import day_of
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.places.actions import SUBJECT, Decide, Propose, PutInForce, Schedule, say
from linli.web.foundation.places.checking import DEPLOYMENT_FILE, MOST_BYTES, OUTLINES_FILE, read_upload
from linli.web.foundation.places.comparing import difference
from linli.web.foundation.places.models import Deployment
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["beats", "decide", "document", "moved", "propose", "start", "version", "versions"]

_TONES: Final = {
    "proposed": "info",
    "approved": "progress",
    "in_force": "good",
    "retired": "neutral",
    "rejected": "danger",
}
_LARGE: Final = ("document", "outlines")
_LIST: Final = 200


def _allowed(request: HttpRequest) -> dict[str, bool]:
    who = actor(request)
    return {
        "propose": may_anywhere(who, "open", SUBJECT.kind),
        "approve": may(who, "approve", SUBJECT),
    }


def _may_see(request: HttpRequest) -> bool:
    return may_anywhere(actor(request), "view", SUBJECT.kind)


def _version(request: HttpRequest, pk: int, *, whole: bool = False) -> Deployment:
    if not _may_see(request):
        raise Forbidden(say("may_not_see"))
    found = Deployment.objects.select_related("proposed_by", "decided_by").filter(pk=pk)
    one = (found if whole else found.defer(*_LARGE)).first()
    if one is None:
        raise Missing(say("no_version"))
    return one


@require_GET
@login_required
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first; the file itself is not read."""
    if not _may_see(request):
        raise Forbidden(say("may_not_see"))
    found = Deployment.objects.defer(*_LARGE).select_related("proposed_by", "decided_by")
    context = {
        "versions": [(one, _TONES[one.status]) for one in found.order_by("-proposed_at", "-pk")[:_LIST]],
        "can": _allowed(request),
    }
    return render(request, "places/versions.html", context)


def _content(request: HttpRequest, name: str) -> bytes | None:
    file = request.FILES.get(name)
    return content_of(file, most=MOST_BYTES) if file is not None else None


@require_http_methods(["GET", "POST"])
@login_required
def propose(request: HttpRequest) -> HttpResponse:
    """Upload a plan's files; what is wrong with them is listed, and nothing is kept."""
    if not _allowed(request)["propose"]:
        raise Forbidden(say("may_not_propose"))
    findings: list[str] = []
    refusal = ""
    if request.method == "POST":
        given = _content(request, "deployment")
        try:
            if not given:
                raise Missing(say("no_file"))
            upload = read_upload(given, _content(request, "outlines"))
            known = Deployment.objects.filter(digest=hashlib.sha256(given).hexdigest()).first()
            if known is not None:
                messages.info(request, said(phrase("places:done.known")))
                return redirect("deployment", pk=known.pk)
            reason = request.POST.get("reason", "").strip()[:2000]
            made = _carry_out(request, Propose(upload.text, upload.outlines, reason))
        except AlreadyDone as before:
            return redirect("deployment", pk=before.number("deployment"))
        except LinliError as wrong:
            if isinstance(wrong, Forbidden):
                raise
            refusal = said(wrong.text)
            if isinstance(wrong, InputRefused):
                findings = [one.sentence(language()) for one in wrong.findings]
        else:
            messages.success(request, said(phrase("places:done.proposed")))
            return redirect("deployment", pk=made.pk)
    context = {"findings": findings, "refusal": refusal, "reason": request.POST.get("reason", "")}
    return render(request, "places/propose.html", context, status=422 if refusal else 200)


def _carry_out(request: HttpRequest, action: Action[Deployment]) -> Deployment:
    return perform(action, actor(request), now(request), key=form_sending(request))


@require_GET
@login_required
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, beside the one in force (or the one it followed)."""
    found = _version(request, pk)
    base = _base(found)
    day = local_day(now(request))
    can = _allowed(request)
    context = {
        "version": found,
        "tone": _TONES[found.status],
        "base": base,
        "change": None if base is None else difference(base, found),
        "can": can,
        "may_decide": can["approve"]
        and found.status == "proposed"
        and found.proposed_by_id != actor(request).user_id,
        "own": found.status == "proposed" and found.proposed_by_id == actor(request).user_id,
        "may_start": can["approve"] and found.status == "approved",
        "today": day,
        "has_outlines": Deployment.objects.filter(pk=pk).exclude(outlines={}).exists(),
    }
    return render(request, "places/version.html", context)


def _base(found: Deployment) -> Deployment | None:
    """What a version is compared with: the one in force; for that one and older ones, the one before it."""
    rows = Deployment.objects.defer(*_LARGE)
    status = Deployment.Status
    if found.status in (status.IN_FORCE, status.RETIRED):
        if found.valid_from is None:
            return None
        former = rows.filter(status=status.RETIRED, valid_from__lte=found.valid_from)
        return former.exclude(pk=found.pk).order_by("-valid_from", "-pk").first()
    return rows.filter(status=status.IN_FORCE).first()


@require_GET
@login_required
def moved(request: HttpRequest, pk: int) -> JsonResponse:
    """The places that move, as GeoJSON."""
    found = _version(request, pk)
    base = _base(found)
    places = difference(base, found).places if base is not None else ()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.longitude, one.latitude]},
            "properties": {
                "id": one.code,
                "title": one.name,
                "text": " → ".join(one.stations if one.changes_station else one.beats),
                "tone": "danger" if one.changes_station else "warning",
                "tone_label": said(phrase(f"places:moves.{'station' if one.changes_station else 'beat'}")),
            },
        }
        for one in places
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_GET
@login_required
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan's own file, byte for byte as it was given."""
    content = _version(request, pk, whole=True).document.encode("utf-8")
    return HttpResponse(
        content,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{DEPLOYMENT_FILE}"'},
    )


@require_GET
@login_required
def beats(request: HttpRequest, pk: int) -> HttpResponse:
    """The outlines of the version's beats."""
    drawn: dict[str, Any] = _version(request, pk, whole=True).outlines
    content = json.dumps(drawn or {"type": "FeatureCollection", "features": []}, ensure_ascii=False)
    return HttpResponse(
        content.encode("utf-8"),
        content_type="application/geo+json",
        headers={"Content-Disposition": f'attachment; filename="{OUTLINES_FILE}"'},
    )


def _done(request: HttpRequest, pk: int, action: Action[Deployment], key: str) -> HttpResponse:
    try:
        _carry_out(request, action)
    except AlreadyDone:
        messages.info(request, said(phrase("places:done.before")))
    except Refusal as refusal:
        if isinstance(refusal, Missing):
            raise
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(phrase(f"places:done.{key}")))
    return redirect("deployment", pk=pk)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject."""
    approve = request.POST.get("decision") == "approve"
    action = Decide(pk, approve=approve, note=request.POST.get("note", "").strip()[:2000])
    return _done(request, pk, action, "approved" if approve else "rejected")


@require_POST
@login_required
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Put in force today or earlier, on a day to come, or take such a day back."""
    if request.POST.get("cancel") == "1":
        return _done(request, pk, Schedule(pk, None), "unscheduled")
    on = day_of(request.POST.get("on", ""))
    if on is None:
        messages.error(request, said(phrase("places:no_day")))
        return redirect("deployment", pk=pk)
    if on > local_day(now(request)):
        return _done(request, pk, Schedule(pk, on), "scheduled")
    return _done(request, pk, PutInForce(pk, on), "in_force")
