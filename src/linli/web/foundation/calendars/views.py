"""The working calendar on screen: a year, its notice entered with a look before it counts, office hours."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.calendar import Announced
from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import local_day, may, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone, perform
from linli.web.foundation.actions.refusals import Forbidden, Refusal
from linli.web.foundation.actions.sending import form_sending
from linli.web.foundation.calendars.actions import SUBJECT, EnterNotice, SetHours, WithdrawNotice, say
from linli.web.foundation.calendars.checking import wrong_notice
from linli.web.foundation.calendars.forms import HoursForm, NoticeForm, as_typed
from linli.web.foundation.calendars.models import OfficeHours, YearNotice
from linli.web.foundation.calendars.presenting import with_notice, year_shown, year_totals
from linli.web.foundation.calendars.reading import calendar_of, missing_year
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.screens.knocking import note_refused_request
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["hours", "notice", "withdraw", "year"]


def _need_view(request: HttpRequest) -> None:
    if not may_anywhere(actor(request), "view", SUBJECT.kind):
        raise Forbidden(say("may_not_see"))


def _need_edit(request: HttpRequest) -> None:
    if not may(actor(request), "edit", SUBJECT):
        raise Forbidden(say("forbidden"))


def _wanted_year(request: HttpRequest) -> int:
    """The year that is asked for, else the one whose notice is missing, else this one."""
    today, text = local_day(now(request)), request.GET.get("year", "")
    if text.isascii() and text.isdecimal() and abs(int(text[:5]) - today.year) <= 10:
        return int(text[:5])
    return missing_year(now(request)) or today.year


@require_GET
@login_required
def year(request: HttpRequest) -> HttpResponse:
    """A year as it is reckoned with now; the forms for those who may change it."""
    _need_view(request)
    wanted = _wanted_year(request)
    form = NoticeForm(initial={**_entered(wanted), "submission": uuid.uuid4().hex})
    return _page(request, wanted, form=form)


def _entered(wanted: int) -> dict[str, Any]:
    found = YearNotice.objects.filter(year=wanted, replaced_at=None).first()
    if found is None:
        return {"year": wanted}
    rest, worked = ([dt.date.fromisoformat(day) for day in days] for days in (found.rest, found.worked))
    return {"year": wanted, "rest": as_typed(rest), "worked": as_typed(worked), "source": found.source}


def _page(request: HttpRequest, wanted: int, *, status: int = 200, **more: Any) -> HttpResponse:
    days, today = more.pop("days", None) or calendar_of(), local_day(now(request))
    caution = days.caution(dt.date(wanted, 12, 31))
    context = {
        "year": wanted,
        "years": [today.year - 1, today.year, today.year + 1, today.year + 2],
        "months": year_shown(days, wanted),
        "totals": year_totals(days, wanted),
        "caution": "" if caution is None else said(caution),
        "entered": YearNotice.objects.filter(year=wanted, replaced_at=None)
        .select_related("entered_by")
        .first(),
        "hours": _hours_in_use(),
        "may_edit": may(actor(request), "edit", SUBJECT),
        "submission": uuid.uuid4().hex,
        "form": None,
        **more,
    }
    if context["may_edit"] and "hours_form" not in context:
        initial = {"since": today + dt.timedelta(days=1), "submission": uuid.uuid4().hex}
        context["hours_form"] = HoursForm(_stations(), initial=initial)
    return render(request, "calendars/year.html", context, status=status)


def _stations() -> list[tuple[str, str]]:
    current = current_map()
    return [] if current is None else [(code, one.name) for code, one in sorted(current.stations.items())]


def _hours_in_use() -> list[tuple[str, OfficeHours, str]]:
    names = dict(_stations())
    rows = OfficeHours.objects.filter(replaced_at=None).select_related("entered_by")
    return [
        (
            names.get(row.station_code, row.station_code) or said(phrase("calendars:county")),
            row,
            "、".join(f"{opens}–{closes}" for opens, closes in row.periods),
        )
        for row in rows
    ]


@require_http_methods(["POST"])
@login_required
def notice(request: HttpRequest) -> HttpResponse:
    """The year as the notice would have it; saved only when that has been looked at."""
    _need_edit(request)
    form, today = NoticeForm(request.POST), local_day(now(request))
    if not form.is_valid():
        return _page(request, form.cleaned_data.get("year") or today.year, form=form, status=422)
    given = form.cleaned_data
    wanted, rest, worked = given["year"], given["rest_days"], given["worked_days"]
    for name, text in wrong_notice(wanted, rest, worked, today=today).items():
        form.refuse(name, text)
    if form.errors:
        return _page(request, wanted, form=form, status=422)
    action = EnterNotice(year=wanted, rest=rest, worked=worked, source=given["source"])
    if "save" in request.POST:
        return _saved(request, action, said(phrase("calendars:done.notice", year=wanted)), wanted)
    seen = Announced(year=wanted, rest=frozenset(rest), worked=frozenset(worked))
    typed = {"year": wanted, "rest": as_typed(rest), "worked": as_typed(worked), "source": given["source"]}
    again = NoticeForm(initial={**typed, "submission": uuid.uuid4().hex})
    return _page(request, wanted, form=again, days=with_notice(calendar_of(), seen), preview=True)


@require_POST
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a notice back."""
    _need_edit(request)
    text = request.POST.get("year", "")
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return _saved(request, WithdrawNotice(year=wanted), said(phrase("calendars:done.withdrawn")), wanted)


@require_POST
@login_required
def hours(request: HttpRequest) -> HttpResponse:
    """Set office hours."""
    _need_edit(request)
    form, shown = HoursForm(_stations(), request.POST), _wanted_year(request)
    if form.is_valid():
        given = form.cleaned_data
        action = SetHours(station=given["station"], since=given["since"], periods=given["periods"])
        try:
            perform(action, actor(request), now(request), key=form_sending(request))
        except AlreadyDone:
            messages.info(request, said(phrase("calendars:done.before")))
        except Refusal as refusal:
            fields = getattr(refusal, "fields", {})
            for name, text in fields.items():
                form.refuse(name, text)
            if not fields:
                raise
        else:
            messages.success(request, said(phrase("calendars:done.hours")))
    if form.errors:
        notice_form = NoticeForm(initial={**_entered(shown), "submission": uuid.uuid4().hex})
        return _page(request, shown, form=notice_form, hours_form=form, status=422)
    return redirect("calendar_year")


def _saved(request: HttpRequest, action: Action[Any], done: str, wanted: int) -> HttpResponse:
    try:
        perform(action, actor(request), now(request), key=form_sending(request))
    except AlreadyDone:
        messages.info(request, said(phrase("calendars:done.before")))
    except LinliError as refusal:
        # A page that shows why it was refused is not the end of it: the log says who tried.
        note_refused_request(request, refusal, actor(request))
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, done)
    return redirect(f"{reverse('calendar_year')}?year={wanted}")
