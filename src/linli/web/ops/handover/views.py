"""Pages of a board: its notes, a hand-over of a shift, who has read what."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden, Invalid, Refusal
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.forms import add_refusal
from linli.web.foundation.casework.selectors import seen_numbers
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.handover.actions import CloseItem, ReadNote, WriteNote, say
from linli.web.ops.handover.boards import boards
from linli.web.ops.handover.forms import HandoverForm, MessageForm
from linli.web.ops.handover.models import OpenItem
from linli.web.ops.handover.selectors import PAGE, note_for, notes_of, open_items, receipts

__all__ = ["board", "close_item", "hand_over", "note", "read"]


def _chosen(request: HttpRequest) -> tuple[Organisation, list[Organisation]]:
    mine = boards(actor(request))
    if not mine:
        raise Forbidden(say("board.may_not_view"))
    # A post comes first: that is where the shift is.
    first = next((one for one in mine if one.kind == Organisation.Kind.POST), mine[0])
    return next((one for one in mine if str(one.pk) == request.GET.get("board")), first), mine


@require_http_methods(["GET", "POST"])
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """The notes of a board, and a message for it."""
    chosen, mine = _chosen(request)
    form = MessageForm(request.POST or None, initial={"submission": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        action = WriteNote(board_id=chosen.pk, text=form.cleaned_data["text"], cases=form.numbers())
        sent = _sent(request, form, lambda: carry_out(request, action), chosen)
        if sent is not None:
            return sent
    before = request.GET.get("before", "")
    found = notes_of(chosen, actor(request), before=whole_of(before))
    more = len(found) > PAGE
    context = {
        "board": chosen,
        "boards": mine,
        "notes": found[:PAGE],
        "next_url": f"?board={chosen.pk}&before={found[PAGE - 1].pk}" if more else "",
        "items": open_items(chosen),
        "form": form,
        "may_write": chosen in boards(actor(request), "open"),
    }
    return render(request, "handover/board.html", context, status=422 if form.errors else 200)


def _sent(
    request: HttpRequest, form: MessageForm, act: Callable[[], object], chosen: Organisation
) -> HttpResponse | None:
    try:
        act()
    except Invalid as refusal:
        add_refusal(form, refusal)
        return None
    except AlreadyDone:
        messages.info(request, said(phrase("handover:done.before")))
    else:
        messages.success(request, said(phrase("handover:done.written")))
    return redirect(f"/handover/?board={chosen.pk}")


@require_http_methods(["GET", "POST"])
@login_required
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand a shift over: what happened, what was done of the open items, what is added."""
    chosen, _ = _chosen(request)
    if chosen not in boards(actor(request), "open"):
        raise Forbidden(say("board.may_not_open"))
    items = open_items(chosen)
    start = {"submission": uuid.uuid4().hex, "shift_on": timezone.localtime(now(request)).date()}
    form = HandoverForm(items, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        action = WriteNote(board_id=chosen.pk, text=text, cases=form.numbers(), **form.values())
        sent = _sent(request, form, lambda: carry_out(request, action), chosen)
        if sent is not None:
            return sent
    context = {"board": chosen, "form": form, "items": items}
    return render(request, "handover/new.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """One note: what it says and leaves open, who has read it and who has not."""
    found = note_for(actor(request), pk)
    seen = seen_numbers(found.cases, actor(request), now(request))
    context = {
        "note": found,
        "cases": [number for number in found.cases if number in seen],
        "others": len(set(found.cases) - seen),
        "items": list(found.items.select_related("opened_by", "closed_by")),
        "receipts": receipts(found, now(request)),
        "may_write": found.organisation in boards(actor(request), "open"),
    }
    return render(request, "handover/note.html", context)


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm to have read it."""
    carry_out(request, ReadNote(note_id=pk))
    messages.success(request, said(phrase("handover:done.read")))
    return redirect("handover_note", pk=pk)


@require_POST
@login_required
def close_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Something that was open is done."""
    try:
        carry_out(request, CloseItem(item_id=pk, remark=request.POST.get("remark", "")))
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(phrase("handover:done.closed")))
    board_id = OpenItem.objects.values_list("organisation_id", flat=True).get(pk=pk)
    return redirect(f"/handover/?board={board_id}")
