"""Lists as files to download."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.http.response import HttpResponseBase

from linli.io.sheets import Cell, Listing
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.screens.downloads import FORMS, file_stamp, sheets
from linli.web.ops.incidents.units import say

__all__ = ["Table", "sheet"]

Table = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""Name, header and rows."""


def sheet(form: str, name: str, at: dt.datetime, tables: Sequence[Table]) -> HttpResponseBase:
    """Some tables as ``xlsx``, a sheet each, or the first of them as ``csv``."""
    stamp = file_stamp(at, minutes=True)
    if form not in FORMS:
        raise Missing(say("page.no_form"))
    return sheets(form, f"{name}-{stamp}", [Listing(title, header, rows) for title, header, rows in tables])
