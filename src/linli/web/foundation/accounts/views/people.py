"""The list of people, one person's page, and what an administrator does there."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.access import local_day, may, may_anywhere
from linli.web.foundation.accounts.actions.base import AccountAction, say
from linli.web.foundation.accounts.actions.entry import EndSessions, ResetPassword, ResetSecondFactor, Unlock
from linli.web.foundation.accounts.actions.people import ChangeAccount, Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import (
    ConfirmProposal,
    ProposeChange,
    RefuseProposal,
    as_allowed,
    may_confirm,
    open_proposals,
)
from linli.web.foundation.accounts.directory import Wanted, account_for, everyone, people_page
from linli.web.foundation.accounts.forms import AccountForm, PeopleFilter, ReasonForm, RoleForm, show_refusal
from linli.web.foundation.accounts.lockout import is_locked
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Grant, Organisation, Proposal, User
from linli.web.foundation.accounts.passwords import new_temporary_password
from linli.web.foundation.accounts.programs import programs_of
from linli.web.foundation.accounts.roles import role_of, roles
from linli.web.foundation.accounts.selectors import second_factors
from linli.web.foundation.accounts.sessions import sessions_of
from linli.web.foundation.accounts.subjects import ANYWHERE, may_account
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.screens.downloads import FORMS, download, file_stamp
from linli.web.foundation.screens.wording import language, said

__all__ = [
    "change",
    "confirm",
    "deactivate",
    "end_sessions",
    "give_role",
    "make",
    "people",
    "people_file",
    "person",
    "reactivate",
    "refuse",
    "reset_factor",
    "reset_password",
    "take_role",
    "unlock",
]


def _wanted(query: QueryDict) -> Wanted:
    active = {"1": True, "0": False}.get(query.get("active", ""))
    role = query.get("role", "")
    organisation = query.get("organisation", "")
    return Wanted(
        words=query.get("q", "").strip()[:64],
        role=role if role in roles() else "",
        organisation_id=whole_of(organisation),
        active=active,
    )


def _allowed(request: HttpRequest) -> None:
    if not may_anywhere(actor(request), "view", "account"):
        raise Forbidden(say("account.forbidden"))


@require_GET
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """One page of the accounts that the actor may see."""
    _allowed(request)
    who = actor(request)
    page = people_page(who, _wanted(request.GET), at=now(request), after=request.GET.get("after", "")[:64])
    query = request.GET.copy()
    query.pop("after", None)
    here = query.urlencode()
    if page.next:
        query["after"] = page.next
    context = {
        "form": PeopleFilter(request.GET),
        "people": [_shown(user, now(request)) for user in page.users],
        "next_url": f"?{query.urlencode()}" if page.next else "",
        "query": here,
        "may_make": may(who, "edit", ANYWHERE),
        "may_export": may_anywhere(who, "export", "account"),
    }
    return render(request, "accounts/people.html", context)


def _shown(user: User, at: dt.datetime) -> dict[str, Any]:
    held = [_grant(grant, at) for grant in user.grants.all()]
    return {"user": user, "grants": [one for one in held if one["holds"]]}


def _grant(grant: Grant, at: dt.datetime) -> dict[str, Any]:
    role, day = role_of(grant.role), local_day(at)
    return {
        "pk": grant.pk,
        "role": said(role.name) if role else grant.role,
        "organisation": grant.organisation,
        "starts": grant.starts,
        "ends": grant.ends,
        "holds": grant.holds_on(day),
        "over": grant.ends is not None and grant.ends < day,
    }


@require_GET
@login_required
def people_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The whole filtered list, as CSV or a workbook."""
    if form not in FORMS:
        raise Missing(say("account.missing"))
    who, at, wanted = actor(request), now(request), _wanted(request.GET)
    perform(LogExport(what="account", filters=request.GET.urlencode()), who, at)
    names = ("username", "display_name", "state", "role", "organisation", "ends")
    header = [said(say(f"label.{name}")) for name in names]
    return download(
        form,
        f"people-{file_stamp(at, minutes=True)}",
        said(say("people.title")),
        header,
        _lines(wanted, request, at),
    )


def _lines(wanted: Wanted, request: HttpRequest, at: dt.datetime) -> Iterator[list[str]]:
    for user in everyone(actor(request), wanted, at=at):
        state = said(say("state.active" if user.is_active else "state.stopped"))
        shown = _shown(user, at)["grants"] or [None]
        for one in shown:
            role = (
                [one["role"], one["organisation"].named(language()), str(one["ends"] or "")]
                if one
                else ["", "", ""]
            )
            yield [user.username, user.display_name, state, *role]


@require_http_methods(["GET", "POST"])
@login_required
def make(request: HttpRequest) -> HttpResponse:
    """The form of a new account; afterwards its temporary password is shown, this once."""
    if not may(actor(request), "edit", ANYWHERE):
        raise Forbidden(say("account.forbidden"))
    form = AccountForm(request.POST or None, new=True, initial={"language": "zh"})
    if request.method == "POST" and form.is_valid():
        password = new_temporary_password()
        try:
            user = perform(MakeAccount(**form.cleaned_data, password=password), actor(request), now(request))
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            return _page(request, user, password=password)
    return render(request, "accounts/make.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, how the account gets in, what can be done."""
    return _page(request, account_for(actor(request), pk))


def _page(request: HttpRequest, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    who, at = actor(request), now(request)
    grants = (
        Grant.objects.filter(user=user).select_related("organisation", "given_by").order_by("-starts", "-pk")
    )
    oneself = user.pk == who.user_id
    context = {
        "user_shown": user,
        "grants": [_grant(grant, at) for grant in grants],
        "can": {verb: may_account(who, verb, user) and not oneself for verb in ("edit", "administer")},
        "may_audit": may_anywhere(who, "view", "audit"),
        "oneself": oneself,
        "factors": second_factors(user.pk).count(),
        "sessions": sessions_of(user.pk, at).count(),
        "programs": programs_of(user.pk, at),
        "locked": is_locked(user),
        "change_form": AccountForm(
            new=False, initial={"display_name": user.display_name, "language": user.language}
        ),
        "role_form": RoleForm(
            initial={"starts": local_day(at), "role": request.GET.get("role", "")},
            page=reverse("person", args=[user.pk]),
        ),
        "stop_form": ReasonForm(),
        "proposals": _proposals(request, user),
        **more,
    }
    return render(request, "accounts/person.html", context, status=status)


def _proposals(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """What waits for a second person, as far as the actor has to do with it."""
    who, at = actor(request), now(request)
    found = open_proposals(at).filter(account=user).select_related("account", "proposed_by")
    return [
        {
            "pk": one.pk,
            "what": said(say(f"proposal.{one.what}", **_names(one))),
            "by": one.proposed_by,
            "expires": one.expires,
            "may_confirm": may_confirm(who, one, at),
            "own": one.proposed_by_id == who.user_id,
        }
        for one in found
    ]


def _names(proposal: Proposal) -> dict[str, str]:
    match proposal.what:
        case Proposal.What.GIVE_ROLE:
            held, office_id = proposal.values["role"], proposal.values["organisation_id"]
        case Proposal.What.TAKE_ROLE:
            grant = Grant.objects.filter(pk=proposal.values["grant_id"]).first()
            held, office_id = (grant.role, grant.organisation_id) if grant else ("", None)
        case _:
            return {"reason": str(proposal.values.get("reason", ""))}
    role = role_of(held)
    office = Organisation.objects.filter(pk=office_id).first()
    return {"role": said(role.name) if role else held, "office": office.named(language()) if office else ""}


def _or_proposal(request: HttpRequest, user: User, action: AccountAction) -> AccountAction:
    return as_allowed(action, user, Context(actor=actor(request), at=now(request)))


def _do(request: HttpRequest, pk: int, action: Action[User], key: str) -> HttpResponse:
    user = account_for(actor(request), pk)
    if isinstance(action, AccountAction):
        action = _or_proposal(request, user, action)
        key = "proposed" if isinstance(action, ProposeChange) else key
    try:
        perform(action, actor(request), now(request))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(say(f"done.{key}")))
    return redirect("person", pk=pk)


def _form_do(
    request: HttpRequest,
    pk: int,
    name: str,
    form: Any,
    act: Callable[[dict[str, Any]], AccountAction],
    key: str,
) -> HttpResponse:
    """As ``_do`` with a form, shown again with what was written where something is wrong."""
    user = account_for(actor(request), pk)
    if form.is_valid():
        action = _or_proposal(request, user, act(form.cleaned_data))
        key = "proposed" if isinstance(action, ProposeChange) else key
        try:
            perform(action, actor(request), now(request))
        except Invalid as refusal:
            show_refusal(form, refusal)
        except LinliError as refusal:
            messages.error(request, said(refusal.text))
            return redirect("person", pk=pk)
        else:
            messages.success(request, said(say(f"done.{key}")))
            return redirect("person", pk=pk)
    return _page(request, user, status=422, **{name: form, "failed": form})


@require_POST
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct name and language."""
    form = AccountForm(request.POST, new=False)
    return _form_do(request, pk, "change_form", form, lambda v: ChangeAccount(account_id=pk, **v), "changed")


@require_POST
@login_required
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""

    def act(values: dict[str, Any]) -> AccountAction:
        return GiveRole(
            account_id=pk,
            role=values["role"],
            organisation_id=int(values["organisation"]),
            starts=values["starts"],
            ends=values["ends"],
        )

    return _form_do(
        request, pk, "role_form", RoleForm(request.POST, page=reverse("person", args=[pk])), act, "role_given"
    )


@require_POST
@login_required
def take_role(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """Take a role away."""
    return _do(request, pk, TakeRole(account_id=pk, grant_id=grant), "role_taken")


@require_POST
@login_required
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the account."""
    form = ReasonForm(request.POST)
    return _form_do(request, pk, "stop_form", form, lambda v: Deactivate(account_id=pk, **v), "stopped")


@require_POST
@login_required
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the account again."""
    return _do(request, pk, Reactivate(account_id=pk), "opened")


@require_POST
@login_required
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a temporary password and show it, this once; of a privileged account it is proposed."""
    user, password = account_for(actor(request), pk), new_temporary_password()
    action = _or_proposal(request, user, ResetPassword(account_id=pk, password=password))
    if isinstance(action, ProposeChange):
        return _do(request, pk, action, "proposed")
    try:
        perform(action, actor(request), now(request))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
        return redirect("person", pk=pk)
    user.refresh_from_db()
    return _page(request, user, password=password)


@require_POST
@login_required
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away lost second factors; of a privileged account it is proposed."""
    return _do(request, pk, ResetSecondFactor(account_id=pk), "factor_reset")


@require_POST
@login_required
def confirm(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Agree as the second person; a temporary password is shown, this once."""
    user, password = account_for(actor(request), pk), new_temporary_password()
    what = Proposal.objects.filter(pk=proposal).values_list("what", flat=True).first()
    action = ConfirmProposal(account_id=pk, proposal_id=proposal, password=password)
    try:
        perform(action, actor(request), now(request))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
        return redirect("person", pk=pk)
    if what not in (Proposal.What.RESET_PASSWORD, Proposal.What.GIVE_ROLE):
        messages.success(request, said(say("done.confirmed")))
        return redirect("person", pk=pk)
    user.refresh_from_db()
    return _page(request, user, password=password)


@require_POST
@login_required
def refuse(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Refuse what was proposed, or withdraw it."""
    return _do(request, pk, RefuseProposal(account_id=pk, proposal_id=proposal), "refused")


@require_POST
@login_required
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it try again at once."""
    return _do(request, pk, Unlock(account_id=pk), "unlocked")


@require_POST
@login_required
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the person out everywhere."""
    return _do(request, pk, EndSessions(account_id=pk), "signed_out")
