"""Papers of a dispute, to print or as PDF: agreement, invitation to a session, letter of hand-over.

Every paper says that the parties may always go to court or complain (D3). Names are read through the log,
and only by roles that may read them; for others a paper speaks of party 1 and party 2.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.presenting import place_label
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_type
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.disputes.actions.base import KIND, local_day, say
from linli.web.ops.disputes.models import Agreement, Handover, Party, Session
from linli.web.ops.disputes.printing import paper_pdf
from linli.web.ops.disputes.views.reading import dispute_for

__all__ = ["PAPERS", "paper"]

Contents = Mapping[str, Any]


@require_GET
@login_required
def paper(request: HttpRequest, number: str, kind: str, which: int, form: str = "html") -> HttpResponse:
    """One paper as a page to print, or as PDF."""
    case = dispute_for(request, number)
    if kind not in PAPERS:
        raise Missing(say("paper.missing"))
    contents = PAPERS[kind](case, which)
    category = case_type(KIND).category_by_id.get(case.category)
    context = {
        "case": case,
        "kind": kind,
        "which": which,
        "title": said(phrase(f"disputes:paper.{kind}")),
        "parties": _parties(request, case, kind),
        "category": said(category.name) if category else case.category,
        "where": place_label(case),
        "mediator": case.assignee.display_name if case.assignee else "",
        "office": case.organisation.named(language()) if case.organisation else "",
        "printed_on": local_day(now(request)),
        "language": language(),
        "synthetic_notice": _synthetic(),
        **contents,
    }
    if form == "html":
        return render(request, "disputes/papers/page.html", context)
    response = HttpResponse(paper_pdf(context), content_type="application/pdf")
    file = f"{case.number}-{kind}-{contents.get('day', which)}.pdf"
    response["Content-Disposition"] = f'inline; filename="{file}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _synthetic() -> str:
    current = current_map()
    return said(phrase("screens:synthetic")) if current is not None and current.synthetic else ""


def _parties(request: HttpRequest, case: Case, kind: str) -> list[dict[str, Any]]:
    """The parties, with their names for whoever may read them; the reading is logged first."""
    names: dict[str, str] = {}
    if may_case(actor(request), "personal", case, now(request)):
        reading = ReadPersonal(case_id=case.pk, reason=f"paper:{kind}")
        carry_out(request, reading)
        names = {value.role: value.value for value in reading.values() if value.field == "party_name"}
    return [{"party": party, "name": _called(party, names)} for party in case.parties.all()]


def _called(party: Party, names: Mapping[str, str]) -> str:
    person = names.get(party.role, "")
    if party.unit_name:
        return f"{party.unit_name}（{person}）" if person else party.unit_name
    return person


def _agreement(case: Case, which: int) -> Contents:
    found = Agreement.objects.filter(case=case, number=which).prefetch_related("obligations").first()
    if found is None:
        raise Missing(say("agreement.none"))
    copies = case.parties.count() + 1
    return {"agreement": found, "obligations": list(found.obligations.all()), "copies": copies}


def _invitation(case: Case, which: int) -> Contents:
    found = Session.objects.filter(case=case, number=which, state=Session.State.PLANNED).first()
    if found is None:
        raise Missing(say("session.missing", number=which))
    return {"session": found}


def _letter(case: Case, which: int) -> Contents:
    found = (
        Handover.objects.filter(case=case, pk=which, direction="out").select_related("organisation").first()
    )
    if found is None:
        raise Missing(say("handover.missing"))
    return {"handover": found, "day": f"{local_day(found.handed_at):%Y%m%d}"}


PAPERS: Final[Mapping[str, Callable[[Case, int], Contents]]] = {
    "agreement": _agreement,
    "invitation": _invitation,
    "letter": _letter,
}
