"""The register is taken in from a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.io.sheets import read_sheet, stream_csv
from linli.kernel.errors import InputRefused
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.border.uploads import content_of
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import language, phrase, said
from linli.web.ops.premises.actions.base import say
from linli.web.ops.premises.actions.importing import MOST_ROWS, ImportRegister
from linli.web.ops.premises.forms import FileForm
from linli.web.ops.premises.sheet import COLUMNS
from linli.web.ops.premises.subjects import KIND

__all__ = ["import_register", "template"]

MOST_BYTES = 5 * 1024 * 1024


@require_http_methods(["GET", "POST"])
@login_required
def import_register(request: HttpRequest) -> HttpResponse:
    """Choose a file; everything that is wrong with it is listed, and nothing of it taken in."""
    if not may_anywhere(actor(request), "open", KIND):
        raise Forbidden(say("forbidden"))
    data = request.POST if request.method == "POST" else None
    form = FileForm(data, request.FILES if data is not None else None, accept=".xlsx,.csv,.xls,.et,.ods,.txt")
    findings: list[str] = []
    if data is not None and form.is_valid():
        try:
            return _taken_in(request, form)
        except InputRefused as refusal:
            form.add_error("file", said(refusal.text))
            findings = [finding.sentence(language()) for finding in refusal.findings]
    context = {
        "form": form,
        "findings": findings,
        "most": MOST_ROWS,
        "columns": [said(phrase(f"premises:column.{name}")) for name in COLUMNS],
    }
    return render(request, "premises/import.html", context, status=422 if form.errors else 200)


def _taken_in(request: HttpRequest, form: FileForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    sheet = read_sheet(file.name, content_of(file, most=MOST_BYTES), most_bytes=MOST_BYTES)
    try:
        entered, corrected = carry_out(request, ImportRegister(sheet=sheet))
    except AlreadyDone:
        messages.info(request, said(phrase("casework:done.before")))
    else:
        messages.success(
            request, said(phrase("premises:done_imported", entered=entered, corrected=corrected))
        )
    return redirect("premises")


@require_GET
@login_required
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty table with the right headers."""
    header = [said(phrase(f"premises:column.{name}")) for name in COLUMNS]
    return StreamingHttpResponse(
        stream_csv(header, []),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="premises.csv"'},
    )
