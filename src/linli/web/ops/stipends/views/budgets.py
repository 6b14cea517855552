"""Budgets by source and year, their lines, and how much of each is promised and paid."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.assessment.stipends.model import StipendRule, Stipends
from linli.web.foundation.accounts.access import local_day, may, may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import Action, AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.stipends.actions.budgets import ChangeBudget, ChangeLine, MakeBudget, OpenLine
from linli.web.ops.stipends.candidates import left
from linli.web.ops.stipends.forms import BudgetForm, CapForm, LineForm
from linli.web.ops.stipends.models import Budget, Line, Lot, Payment
from linli.web.ops.stipends.packs import every_rule
from linli.web.ops.stipends.reach import KIND, budget_subject
from linli.web.ops.stipends.wording import named, say, yuan

__all__ = ["budget_list", "change", "change_line", "make", "open_line"]


@require_GET
@login_required
def budget_list(request: HttpRequest) -> HttpResponse:
    """Every budget with its lines."""
    who = actor(request)
    if not may_anywhere(who, "view", KIND):
        raise Forbidden(say("may_not_see"))
    today = local_day(now(request))
    budgets = Budget.objects.prefetch_related("lines").order_by("-year", "source")
    context = {
        "budgets": [_budget(one) for one in budgets],
        "rules": [
            {"rule": rule, "pack": pack.pack.title, "amounts": _amounts(pack, rule, today)}
            for pack, rule in every_rule()
        ],
        "may_edit": may(who, "edit", budget_subject()),
        "tab": "budgets",
    }
    return render(request, "stipends/budgets.html", context)


def _amounts(stipends: Stipends, rule: StipendRule, today: dt.date) -> str:
    amounts = stipends.amounts(rule, today)
    if rule.local:
        least = "" if amounts.least is None else said(say("amount.from", least=yuan(amounts.least)))
        return said(say("amount.set_locally")) + least
    return " / ".join(yuan(one) for one in amounts.cents) or said(say("amount.not_on"))


def _budget(budget: Budget) -> dict[str, Any]:
    lines = [_line(one) for one in budget.lines.all()]
    free = budget.cap_cents - sum(one.cap_cents for one in budget.lines.all())
    return {"row": budget, "cap": yuan(budget.cap_cents), "lines": lines, "free": yuan(free)}


def _line(line: Line) -> dict[str, Any]:
    paid = Payment.objects.filter(lot__line=line, lot__status=Lot.Status.PAID)
    spent = int(paid.aggregate(n=Sum("amount_cents"))["n"] or 0)
    rest = left(line)
    return {
        "row": line,
        "title": named(line.title),
        "cap": yuan(line.cap_cents),
        "amount": yuan(line.amount_cents),
        "paid": yuan(spent),
        "promised": yuan(line.cap_cents - rest - spent),
        "left": yuan(rest),
    }


def _must_edit(request: HttpRequest) -> None:
    """Asked before a budget is looked up: whoever may not is not told whether there is one."""
    if not may(actor(request), "edit", budget_subject()):
        raise Forbidden(say("budget.forbidden"))


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, action: Callable[[], Action[Any]], **more: Any
) -> HttpResponse:
    """A form that leads back to the budgets; refusals are shown beside the fields."""
    _must_edit(request)
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(request, action())
        except Invalid as refusal:
            add_refusal(form, refusal)
        except Conflict as refusal:
            form.add_error(None, said(refusal.text))
        except AlreadyDone:
            return redirect("stipends_budgets")
        else:
            messages.success(request, said(phrase("stipends:done.budget")))
            return redirect("stipends_budgets")
    context = {"form": form, "title": said(phrase(f"stipends:{title}")), **more}
    return render(request, "stipends/form.html", context, status=422 if form.errors else 200)


def _fresh() -> dict[str, str]:
    return {"submission": uuid.uuid4().hex}


@require_http_methods(["GET", "POST"])
@login_required
def make(request: HttpRequest) -> HttpResponse:
    """A new budget."""
    form = BudgetForm(local_day(now(request)), request.POST or None, initial=_fresh())

    def action() -> MakeBudget:
        given = form.cleaned_data
        return MakeBudget(
            year=int(given["year"]), source=given["source"], cap_cents=form.cents("cap"), note=given["note"]
        )

    return _form_page(request, form, "budget.make", action)


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another cap for a budget."""
    _must_edit(request)
    budget = Budget.objects.filter(pk=pk).first()
    if budget is None:
        raise Missing(say("budget.missing"))
    form = CapForm(request.POST or None, reasoned=True, initial={**_fresh(), "cap": _plain(budget.cap_cents)})

    def action() -> ChangeBudget:
        return ChangeBudget(budget_id=pk, cap_cents=form.cents("cap"), note=form.cleaned_data["note"])

    return _form_page(request, form, "budget.change", action)


def _plain(cents_: int) -> str:
    return f"{cents_ // 100}.{cents_ % 100:02d}"


@require_http_methods(["GET", "POST"])
@login_required
def open_line(request: HttpRequest, pk: int) -> HttpResponse:
    """A new line of a budget."""
    _must_edit(request)
    if not Budget.objects.filter(pk=pk).exists():
        raise Missing(say("budget.missing"))
    form = LineForm([rule for _, rule in every_rule()], request.POST or None, initial=_fresh())

    def action() -> OpenLine:
        amount = form.cleaned_data["amount"]
        # What is typed and is no amount must not pass for nothing typed.
        return OpenLine(
            budget_id=pk,
            rule=form.cleaned_data["rule"],
            cap_cents=form.cents("cap"),
            amount_cents=(form.cents("amount") or 0) if amount else None,
        )

    return _form_page(request, form, "line.open", action)


@require_http_methods(["GET", "POST"])
@login_required
def change_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Another cap for a line."""
    _must_edit(request)
    line = Line.objects.filter(pk=pk).first()
    if line is None:
        raise Missing(say("line.missing"))
    form = CapForm(request.POST or None, reasoned=False, initial={**_fresh(), "cap": _plain(line.cap_cents)})

    def action() -> ChangeLine:
        return ChangeLine(line_id=pk, cap_cents=form.cents("cap"))

    return _form_page(request, form, "line.change", action)
