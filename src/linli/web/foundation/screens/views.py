"""The home page of each role, search over what one may see, and what has come up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.spelling import case_number
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.casework.models import Notice
from linli.web.foundation.casework.presenting import rows
from linli.web.foundation.casework.selectors import (
    Filters,
    case_page,
    notices_of,
    search_cases,
    visible_kinds,
)
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.screens.cards import cards_of
from linli.web.foundation.screens.wording import language, said

__all__ = ["home", "home_cards", "notices", "notices_read", "search"]

SHORT = 8


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What is mine, late and near; what features add comes after it, or at once with ``cards``."""
    who, at = actor(request), now(request)
    sees_cases = bool(visible_kinds(who))
    at_once = not sees_cases or "cards" in request.GET
    mine = case_page(who, Filters(mine=True, status="open"), at=at, size=SHORT, order="due")
    late = case_page(who, Filters(status="late"), at=at, size=SHORT, order="due")
    near = case_page(who, Filters(status="open"), at=at, size=SHORT)
    context = {
        "mine": rows(mine.cases, at),
        "late": rows(late.cases, at),
        "near": rows(near.cases, at),
        "more": {"mine": mine.next is not None, "late": late.next is not None, "near": near.next is not None},
        "notices": _notices(request, unread=True, most=SHORT),
        "openable": [(k, said(case_types()[k].name)) for k in visible_kinds(who, "open")],
        "at_once": at_once,
        "cards": cards_of(who, at) if at_once else [],
        "sees_cases": sees_cases,
    }
    return render(request, "screens/home.html", context)


@require_GET
@login_required
def home_cards(request: HttpRequest) -> HttpResponse:
    """What features add to the home page; asked for by itself, so that the lists wait for none of them."""
    return render(request, "screens/_cards.html", {"cards": cards_of(actor(request), now(request))})


def _notices(request: HttpRequest, *, unread: bool = False, most: int = 100) -> list[Notice]:
    found = notices_of(actor(request), now(request), unread=unread).select_related("case")
    shown = list(found[:most])
    for one in shown:
        # What is said besides was written in both languages.
        one.more = one.detail.get("more", {}).get(language(), "")  # type: ignore[attr-defined]
    return shown


@require_GET
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What has come up, newest first."""
    return render(request, "screens/notices.html", {"notices": _notices(request)})


@require_POST
@login_required
def notices_read(request: HttpRequest) -> HttpResponse:
    """All seen."""
    Notice.objects.filter(user_id=actor(request).account, read_at__isnull=True).update(read_at=now(request))
    return redirect("notices")


@require_GET
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Cases by number, title or address."""
    words = request.GET.get("q", "").strip()[:100]
    found = search_cases(actor(request), words, at=now(request)) if words else []
    if len(found) == 1 and case_number(words) == found[0].number:
        return redirect("case", number=found[0].number)
    return render(request, "screens/search.html", {"words": words, "rows": rows(found, now(request))})
