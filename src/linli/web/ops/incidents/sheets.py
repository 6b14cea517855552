"""Lists as files to download."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from linli.io.sheets import Cell, Listing, stream_csv, write_xlsx
from linli.web.foundation.actions.refusals import Missing
from linli.web.ops.incidents.units import say

__all__ = ["Table", "sheet"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Table = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""Name, header and rows."""


def sheet(form: str, name: str, at: dt.datetime, tables: Sequence[Table]) -> HttpResponseBase:
    """Some tables as ``xlsx``, a sheet each, or the first of them as ``csv``."""
    stamp = timezone.localtime(at).strftime("%Y%m%d-%H%M")
    if form == "csv":
        _, header, rows = tables[0]
        response: HttpResponseBase = StreamingHttpResponse(
            stream_csv(header, rows), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.csv"'
        return response
    if form != "xlsx":
        raise Missing(say("page.no_form"))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, [Listing(title, header, rows) for title, header, rows in tables])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}-{stamp}.xlsx", content_type=XLSX)
