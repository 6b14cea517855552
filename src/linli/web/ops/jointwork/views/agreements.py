"""Pages of agreements: the list, drafting, one agreement with its signatures, what is shared with us."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.io.sheets import Cell
from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.neighbours import shared_page
from linli.web.foundation.casework.presenting import rows
from linli.web.foundation.casework.selectors import Cursor
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Place
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.jointwork.actions.agreements import DraftAgreement, EndAgreement, SignAgreement, say
from linli.web.ops.jointwork.forms import DraftForm, StationsForm
from linli.web.ops.jointwork.models import Agreement
from linli.web.ops.jointwork.parties import KIND, may_agreement, may_for
from linli.web.ops.jointwork.selectors import PAGE, agreement_for, agreements, shared_count

__all__ = ["agreement", "agreement_list", "draft", "end", "export", "shared", "sign"]

STATES: Final = ("", "draft", "in_force", "ended")
_TONES: Final = {"draft": "info", "in_force": "good", "ended": "neutral"}


def _may_see(who: Actor) -> None:
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("may_not_see"))


@require_GET
@login_required
def agreement_list(request: HttpRequest) -> HttpResponse:
    """The agreements of the actor's offices and area."""
    who = actor(request)
    _may_see(who)
    state = request.GET.get("state", "")
    found = agreements(who, state=state if state in STATES else "")
    before = request.GET.get("before", "")
    if (first := whole_of(before)) is not None:
        found = found.filter(pk__lt=first)
    page = list(found.prefetch_related("parties__organisation").order_by("-pk")[: PAGE + 1])
    more = len(page) > PAGE
    context = {
        "lines": [_line(one) for one in page[:PAGE]],
        "next_url": f"?state={state}&before={page[PAGE - 1].pk}" if more else "",
        "states": [(s, said(phrase(f"jointwork:state.{s or 'any'}")), s == state) for s in STATES],
        "may_draft": may_anywhere(who, "open", KIND),
        "may_export": may_anywhere(who, "export", KIND),
    }
    return render(request, "jointwork/list.html", context)


def _line(one: Agreement) -> dict[str, Any]:
    signing = [party for party in one.parties.all() if party.signs]
    return {
        "agreement": one,
        "parties": [party.organisation for party in signing],
        "signed": sum(party.signed_at is not None for party in signing),
        "count": len(signing),
        "tone": _TONES[one.state],
    }


_COLUMNS: Final = ("number", "title", "parties", "places", "valid_from", "valid_until", "state", "reference")


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as XLSX or CSV; logged first."""
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    carry_out(request, LogExport(what=KIND, filters=request.GET.urlencode()))
    header = [said(phrase(f"jointwork:column.{name}")) for name in _COLUMNS]
    state = request.GET.get("state", "")
    found = agreements(actor(request), state=state if state in STATES else "")
    title, name = said(phrase("jointwork:nav")), f"agreements-{file_stamp(now(request))}"
    return download(form, name, title, header, _rows(found.prefetch_related("parties__organisation")))


def _rows(found: Any) -> Iterator[list[Cell]]:
    for one in found.iterator(chunk_size=200):
        line = _line(one)
        parties = "、".join(office.name for office in line["parties"])
        places = "、".join(name for _, name in _places(one))
        state = said(phrase(f"jointwork:state.{one.state}"))
        yield [
            one.number, one.title, parties, places, one.valid_from, one.valid_until, state, one.reference,
        ]  # fmt: skip


def _places(one: Agreement) -> list[tuple[str, str]]:
    current = current_map()
    known = current.places if current is not None else {}
    return [(code, known[code].name if code in known else code) for code in one.place_codes]


@require_http_methods(["GET", "POST"])
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """First the stations, then the agreement."""
    if not may_anywhere(actor(request), "open", KIND):
        raise Forbidden(say("may_not_draft"))
    stations = Organisation.objects.filter(kind=Organisation.Kind.STATION, active=True)
    codes = request.GET.getlist("station")
    if not codes:
        own = {one.station_code for one in stations if one.station_code in _own_stations(request)}
        context = {"form": StationsForm(stations, initial={"station": sorted(own)})}
        return render(request, "jointwork/stations.html", context)
    offices, places = _offices(codes), _places_of(codes)
    start = {
        "submission": uuid.uuid4().hex,
        "parties": [str(one.pk) for one in offices if one.kind == Organisation.Kind.STATION],
        "valid_from": timezone.localtime(now(request)).date(),
    }
    form = DraftForm(offices, places, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = carry_out(request, DraftAgreement(**form.values()))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone as before:
            return redirect("agreement", pk=before.number("agreement"))
        else:
            messages.success(request, said(phrase("jointwork:done.drafted", number=made.number)))
            return redirect("agreement", pk=made.pk)
    return render(request, "jointwork/draft.html", {"form": form}, status=422 if form.errors else 200)


def _own_stations(request: HttpRequest) -> set[str]:
    offices = actor(request).organisation_ids
    return set(Organisation.objects.filter(pk__in=offices).values_list("station_code", flat=True)) - {""}


def _offices(codes: list[str]) -> list[Organisation]:
    kind = Organisation.Kind
    order = {kind.STATION: 0, kind.POST: 1, kind.COMMITTEE: 2}
    found = Organisation.objects.filter(kind__in=order, station_code__in=codes, active=True)
    return sorted(found, key=lambda one: (order[kind(one.kind)], one.code))


def _places_of(codes: list[str]) -> list[Place]:
    current = current_map()
    places = current.places.values() if current is not None else ()
    return sorted(
        (one for one in places if one.station_code in codes), key=lambda p: (p.station_code, p.code)
    )


@require_GET
@login_required
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: its parties and who has signed, what it shares, meetings and what they decided."""
    who = actor(request)
    found = agreement_for(who, pk)
    parties = list(found.parties.select_related("organisation", "signed_by"))
    signing = [one for one in parties if one.signs]
    ours = [one for one in signing if may_for(who, "share", one.organisation)]
    today = timezone.localtime(now(request)).date()
    tasks = [
        (meeting, [(task, task.done_at is None and task.due < today) for task in meeting.tasks.all()])
        for meeting in found.meetings.prefetch_related("tasks__organisation", "tasks__done_by")
    ]
    types = case_types()
    context = {
        "agreement": found,
        "tone": _TONES[found.state],
        "parties": signing,
        "posts": [one for one in parties if not one.signs],
        "to_sign": [one for one in ours if one.signed_at is None and found.ended_at is None],
        "may_end": bool(ours) and found.ended_at is None,
        "may_work": found.state == "in_force" and may_agreement(who, "work", found, parties),
        "may_open": found.state == "in_force" and may_anywhere(who, "open", KIND),
        "places": [name for _, name in _places(found)],
        "types": [said(types[id_].plural) for id_ in found.case_types if id_ in types],
        "shared": shared_count(found),
        "meetings": tasks,
        "submission": uuid.uuid4().hex,
    }
    return render(request, "jointwork/agreement.html", context)


def _done(request: HttpRequest, pk: int, action: Any, key: str) -> HttpResponse:
    agreement_for(actor(request), pk)
    try:
        carry_out(request, action)
    except AlreadyDone:
        messages.info(request, said(phrase("jointwork:done.before")))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(phrase(f"jointwork:done.{key}")))
    return redirect("agreement", pk=pk)


@require_POST
@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that a party has signed."""
    party = request.POST.get("party", "")
    action = SignAgreement(
        agreement_id=pk,
        party_id=whole_of(party) or 0,
        reference=request.POST.get("reference", ""),
    )
    return _done(request, pk, action, "signed")


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it."""
    action = EndAgreement(agreement_id=pk, reason=request.POST.get("reason", ""))
    return _done(request, pk, action, "ended")


@require_GET
@login_required
def shared(request: HttpRequest) -> HttpResponse:
    """Cases that neighbours share with the actor's offices."""
    who, at = actor(request), now(request)
    open_only = request.GET.get("all") != "1"
    page = shared_page(who, at, open_only=open_only, after=Cursor.parse(request.GET.get("after", "")))
    lines = rows([share.case for share in page.shares], at)
    query = "" if open_only else "all=1&"
    context = {
        "lines": list(zip(lines, page.shares, strict=True)),
        "next_url": f"?{query}after={page.next}" if page.next is not None else "",
        "open_only": open_only,
    }
    return render(request, "jointwork/shared.html", context)
