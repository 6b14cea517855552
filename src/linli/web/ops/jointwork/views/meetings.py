"""Pages of joint meetings: minutes are recorded, what was decided is done."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Missing
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.jointwork.actions.meetings import FinishTask, RecordMeeting, say
from linli.web.ops.jointwork.forms import DECISIONS, MeetingForm
from linli.web.ops.jointwork.models import Task
from linli.web.ops.jointwork.parties import may_agreement
from linli.web.ops.jointwork.selectors import agreement_for

__all__ = ["finish", "record"]


@require_http_methods(["GET", "POST"])
@login_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a meeting, and what comes of it."""
    agreement = agreement_for(actor(request), pk)
    parties = list(agreement.parties.select_related("organisation"))
    if not may_agreement(actor(request), "work", agreement, parties):
        raise Forbidden(say("may_not_work"))
    form = MeetingForm(parties, request.POST or None, initial={"submission": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(request, RecordMeeting(agreement_id=pk, **form.values()))
        except Invalid as refusal:
            add_refusal(form, refusal)
        except AlreadyDone:
            return redirect("agreement", pk=pk)
        else:
            messages.success(request, said(phrase("jointwork:done.recorded")))
            return redirect("agreement", pk=pk)
    decisions = [(form[f"text_{n}"], form[f"owner_{n}"], form[f"due_{n}"]) for n in range(1, DECISIONS + 1)]
    context = {"agreement": agreement, "form": form, "decisions": decisions}
    return render(request, "jointwork/meeting.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided is done."""
    task = Task.objects.select_related("meeting").filter(pk=pk).first()
    if task is None:
        raise Missing(say("missing"))
    agreement_for(actor(request), task.meeting.agreement_id)
    try:
        carry_out(request, FinishTask(task_id=pk, remark=request.POST.get("remark", "")))
    except AlreadyDone:
        messages.info(request, said(phrase("jointwork:done.before")))
    except LinliError as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(phrase("jointwork:done.finished")))
    return redirect("agreement", pk=task.meeting.agreement_id)
