"""The register of standard addresses (H9): searched, taken out and taken in as a list."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.io.sheets import Cell
from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone, perform
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.actions.sending import form_sending
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.places.actions import say
from linli.web.foundation.places.address_lists import COLUMNS, KIND, KINDS, ImportAddresses
from linli.web.foundation.places.addresses import addresses_like
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Address, Place
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["addresses", "export", "take_in"]

PAGE: Final = 50
MOST_BYTES: Final = 20 * 1024 * 1024


def _may_see(request: HttpRequest) -> None:
    if not may_anywhere(actor(request), "view", KIND):
        raise Forbidden(say("may_not_see"))


def _found(request: HttpRequest) -> QuerySet[Address]:
    found = Address.objects.all()
    asked = request.GET
    if asked.get("kind") in KINDS:
        found = found.filter(kind=asked["kind"])
    places = current_map()
    if places is not None and asked.get("station") in places.stations:
        codes = [code for code, one in places.places.items() if one.station_code == asked["station"]]
        found = found.filter(place_code__in=codes)
    return addresses_like(found, asked.get("q", "")[:200])


def _kinds() -> dict[str, str]:
    return {kind: said(phrase(f"places:address.kind.{kind}")) for kind in KINDS}


def _named(names: Mapping[str, Place], code: str) -> str:
    return names[code].name if code in names else code


@require_GET
@login_required
def addresses(request: HttpRequest) -> HttpResponse:
    """One page of the register."""
    _may_see(request)
    found, after = _found(request), request.GET.get("after", "")
    if (last := whole_of(after)) is not None:
        found = found.filter(pk__gt=last)
    page = list(found.order_by("pk")[: PAGE + 1])
    query = request.GET.copy()
    query.pop("after", None)
    places = current_map()
    names: Mapping[str, Place] = places.places if places is not None else {}
    more = len(page) > PAGE
    context = {
        "rows": [
            (one, _named(names, one.place_code), _kinds().get(one.kind, one.kind)) for one in page[:PAGE]
        ],
        "next_url": f"?{query.urlencode()}&after={page[PAGE - 1].pk}" if more else "",
        "query": query.urlencode(),
        "q": request.GET.get("q", ""),
        "kinds": [(id_, name, id_ == request.GET.get("kind")) for id_, name in _kinds().items()],
        "stations": [
            (code, one.name, code == request.GET.get("station"))
            for code, one in (places.stations if places else {}).items()
        ],
        "may_import": may_anywhere(actor(request), "open", KIND),
    }
    return render(request, "places/addresses.html", context)


@require_GET
@login_required
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list that is shown, as XLSX or CSV; it holds addresses and no residents."""
    _may_see(request)
    if form not in FORMS:
        raise Missing(say("no_form", form=form))
    header = [said(phrase(f"places:address.column.{name}")) for name in COLUMNS]
    title, name = said(phrase("places:nav.addresses")), f"addresses-{file_stamp(now(request))}"
    return download(form, name, title, header, _rows(_found(request).order_by("pk")))


def _rows(found: QuerySet[Address]) -> Iterator[list[Cell]]:
    kinds = _kinds()
    for one in found.iterator(chunk_size=2000):
        kind = kinds.get(one.kind, one.kind)
        yield [one.code, one.text, one.place_code, kind, one.longitude, one.latitude]


@require_http_methods(["GET", "POST"])
@login_required
def take_in(request: HttpRequest) -> HttpResponse:
    """Upload a list; every mistake in it is listed, and nothing is kept unless there is none."""
    if not may_anywhere(actor(request), "open", KIND):
        raise Forbidden(say("address.may_not"))
    findings: list[str] = []
    refusal = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Missing(say("no_file"))
            content = content_of(file, most=MOST_BYTES)
            action = ImportAddresses(file_name=file.name or "", content=content)
            taken = perform(action, actor(request), now(request), key=form_sending(request))
        except AlreadyDone:
            return redirect("address_register")
        except (InputRefused, Missing) as wrong:
            refusal = said(wrong.text)
            if isinstance(wrong, InputRefused):
                findings = [one.sentence(language()) for one in wrong.findings]
        else:
            messages.success(request, said(phrase("places:address.taken", **vars(taken))))
            return redirect("address_register")
    context = {"findings": findings, "refusal": refusal}
    return render(request, "places/import.html", context, status=422 if refusal else 200)
