"""A resident follows a request by its code, says how it went, and has it opened again."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing, TooMany
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.intake.codes import read_code, spaced
from linli.web.intake.models import Entry, Track
from linli.web.intake.submitting import Feedback, submit_feedback
from linli.web.intake.tracking import Found, find, root_of, takes_word
from linli.web.public.forms import FeedbackForm
from linli.web.public.views.asking import moment, own_code, page, sender

__all__ = ["look_up", "track"]


@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Where the code is typed in. It is sent as a form, so that it stands in no log of addresses."""
    if request.method != "POST":
        return page(request, "public/find.html", {"typed": ""})
    typed = request.POST.get("code", "")[:40]
    try:
        found = find(typed, at=moment(request), sender=sender(request), own=own_code(request))
    except (Missing, TooMany) as refusal:
        context = {"typed": typed, "error": said(refusal.text)}
        return page(request, "public/find.html", context, status=refusal.status)
    return redirect("public_track", code=found.code)


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Where a request stands; sent as a form: how it went."""
    try:
        found = find(code, at=moment(request), sender=sender(request), own=own_code(request))
    except (Missing, TooMany) as refusal:
        context: dict[str, Any] = {"typed": code[:40], "error": said(refusal.text)}
        return page(request, "public/find.html", context, status=refusal.status)
    form = FeedbackForm(initial={"submission": uuid.uuid4().hex})
    if request.method == "POST":
        form = FeedbackForm(request.POST)
        if form.is_valid() and _fed_back(request, form, found.code):
            return redirect("public_track", code=found.code)
    context = {**_shown(found, moment(request)), "form": form}
    return page(request, "public/track.html", context, status=422 if form.errors else 200)


def _fed_back(request: HttpRequest, form: FeedbackForm, code: str) -> bool:
    given = form.cleaned_data
    feedback = Feedback(
        code=read_code(code),
        solved=given["solved"] == "yes",
        rating=given["rating"],
        comment=given["comment"],
        reopen=given["reopen"],
        key=given["submission"],
    )
    try:
        entry = submit_feedback(feedback, at=moment(request), sender=sender(request))
    except Invalid as refusal:
        form.refuse(refusal)
        return False
    except (Conflict, TooMany) as refusal:
        form.add_error(None, said(refusal.text))
        return False
    entry.refresh_from_db()
    if entry.state == Entry.State.REFUSED:
        messages.error(request, entry.reason_en if language() == "en" else entry.reason)
    else:
        messages.success(
            request, said(phrase(f"public:feedback.{'reopened' if given['reopen'] else 'thanks'}"))
        )
    return True


def _shown(found: Found, at: dt.datetime) -> dict[str, Any]:
    context: dict[str, Any] = {"code": found.code, "spaced": spaced(found.code), "entry": found.entry}
    own = found.track
    if own is None:
        return context
    goes_on = root_of(own)
    return {
        **context,
        "track": goes_on,
        "own": own,
        "merged": goes_on.pk != own.pk,
        "category": _named(own, "category_name"),
        "state": _named(goes_on, "state_name"),
        "result": _named(goes_on, "result_name"),
        "office": _named(goes_on, "office"),
        "tone": "good" if not goes_on.is_open else "warning" if goes_on.paused else "progress",
        "before": _promised_before(goes_on),
        "late": goes_on.is_open and goes_on.promised_at is not None and goes_on.promised_at < at,
        "steps": _steps(own, goes_on),
        "answers": _answers(own, goes_on),
        "takes_feedback": takes_word(own, at),
    }


def _promised_before(track: Track) -> dt.datetime | None:
    """What was promised at first, where another day holds by now."""
    first, now_due = track.first_promised_at, track.promised_at
    return first if first is not None and now_due is not None and first != now_due else None


def _named(track: Track, name: str) -> str:
    english = str(getattr(track, f"{name}_en"))
    return english if language() == "en" and english else str(getattr(track, name))


def _steps(own: Track, goes_on: Track) -> list[dict[str, Any]]:
    """The public states and the person's own verdict, in order; of a merged request, then the other's."""
    since = own.closed_at if own.pk != goes_on.pk else None
    rows = list(own.steps)
    if since is not None:
        later = (one for one in goes_on.steps if "solved" not in one)
        rows += [one for one in later if dt.datetime.fromisoformat(one["at"]) >= since]
    return [_step(one) for one in rows]


def _step(row: dict[str, Any]) -> dict[str, Any]:
    at = dt.datetime.fromisoformat(row["at"])
    if "solved" in row:
        verdict = said(phrase(f"public:feedback.{'yes' if row['solved'] else 'no'}"))
        if row.get("recorded"):
            verdict = f"{verdict} · {said(phrase('public:feedback.recorded'))}"
        return {"at": at, "kind": verdict, "icon": "star", "tone": "neutral"}
    return {"at": at, "kind": row[language()], "icon": "circle-dot", "tone": "info"}


def _answers(own: Track, goes_on: Track) -> list[dict[str, Any]]:
    rows = list(own.answers) + (list(goes_on.answers) if own.pk != goes_on.pk else [])
    return [{"at": dt.datetime.fromisoformat(one["at"]), "text": one["text"]} for one in rows]
