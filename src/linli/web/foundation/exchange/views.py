"""The page where somebody makes tokens, sees the outbox, and gets the address of a calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.addresses import client_address
from linli.web.foundation.accounts.directory import account_for
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.reauthentication import need_password_again
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.exchange.calendar import calendar_of
from linli.web.foundation.exchange.ending import EndProgram
from linli.web.foundation.exchange.models import CalendarKey, Delivery, Subscription, Token
from linli.web.foundation.exchange.resending import Resend
from linli.web.foundation.exchange.subscriptions import EndSubscription, Subscribe
from linli.web.foundation.exchange.tokens import EndToken, MakeCalendarKey, MakeToken, calendar_owner, say
from linli.web.foundation.screens.wording import said

__all__ = [
    "calendar",
    "end_program",
    "end_subscription",
    "end_token",
    "exchange",
    "make_calendar",
    "make_token",
    "resend",
    "subscribe",
]

OUTBOX = 50


@require_GET
@login_required
def exchange(request: HttpRequest) -> HttpResponse:
    """One's own tokens, subscriptions and outbox."""
    return _page(request)


def _page(request: HttpRequest, **more: object) -> HttpResponse:
    who = actor(request).account
    context = {
        "tokens": Token.objects.filter(user_id=who, ended_at__isnull=True),
        "subscriptions": Subscription.objects.living(now(request)).filter(user_id=who),
        "may_subscribe": may_anywhere(actor(request), "open", "webhook"),
        "outbox": Delivery.objects.filter(subscription__user_id=who).select_related("subscription")[:OUTBOX],
        "has_calendar": CalendarKey.objects.filter(user_id=who).exists(),
        "kinds": [(spec.id, said(spec.name)) for spec in case_types().values()],
        "now": now(request),
        **more,
    }
    response = render(request, "exchange/exchange.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it this once."""
    need_password_again(request)
    days = request.POST.get("days", "")
    action = MakeToken(
        title=request.POST.get("title", ""),
        days=whole_of(days, most=99_999) or 0,
        may_write=request.POST.get("may_write") == "1",
    )
    try:
        _, token = perform(action, actor(request), now(request))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
        return redirect("exchange")
    return _page(request, token=token)


@require_POST
@login_required
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    perform(EndToken(token_id=pk), actor(request), now(request))
    messages.success(request, said(say("token.ended")))
    return redirect("exchange")


@require_POST
@login_required
def end_program(request: HttpRequest, pk: int, kind: str, program: int) -> HttpResponse:
    """An administrator ends a token, the calendar or a webhook of somebody's account."""
    account_for(actor(request), pk)
    try:
        perform(EndProgram(account_id=pk, kind=kind, program_id=program), actor(request), now(request))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(say("program.ended")))
    return redirect("person", pk=pk)


@require_POST
@login_required
def subscribe(request: HttpRequest) -> HttpResponse:
    """Subscribe, and show the secret this once."""
    need_password_again(request)
    action = Subscribe(url=request.POST.get("url", "").strip(), kinds=tuple(request.POST.getlist("kinds")))
    try:
        one = perform(action, actor(request), now(request))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
        return redirect("exchange")
    return _page(request, secret=one.secret)


@require_POST
@login_required
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message again."""
    try:
        perform(Resend(delivery_id=pk), actor(request), now(request))
    except Conflict as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(say("webhook.resent")))
    return redirect("exchange")


@require_POST
@login_required
def end_subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """End a subscription."""
    perform(EndSubscription(subscription_id=pk), actor(request), now(request))
    messages.success(request, said(say("webhook.ended")))
    return redirect("exchange")


@require_POST
@login_required
def make_calendar(request: HttpRequest) -> HttpResponse:
    """Make the secret address of one's calendar, and show it this once."""
    need_password_again(request)
    key = perform(MakeCalendarKey(), actor(request), now(request))
    return _page(request, calendar_url=request.build_absolute_uri(f"/calendar/{key}.ics"))


@require_GET
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar behind a secret address; a calendar program has no other way to sign in."""
    owner = calendar_owner(key, now(request), address=client_address(request))
    if owner is None:
        raise Missing(say("calendar.missing"))
    # For whoever writes down what leaves: no session says whose it is.
    request.auth = owner  # type: ignore[attr-defined]
    body = calendar_of(owner, now(request))
    return HttpResponse(
        body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )
