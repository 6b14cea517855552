"""A list as a file: CSV or a workbook; whoever asks for it is written down by the caller first.

A file is written before its first byte leaves and says how long it is: one that is cut short on its way
fails at the receiver's end instead of looking whole.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.http import FileResponse
from django.utils import timezone

from linli.io.sheets import Cell, Listing, stream_csv, write_xlsx
from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import Invalid

__all__ = ["FORMS", "MOST_ROWS", "download", "file_stamp", "sheets"]

say = catalogue("linli.web.foundation.screens")

FORMS: Final = ("xlsx", "csv")
MOST_ROWS: Final = 50_000
"""Rows of one list: what a process writes within the time that its server gives it."""
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_stamp(at: dt.datetime, *, minutes: bool = False) -> str:
    """The day of a moment as the territory has it, for the name of a file; with ``minutes`` its time too."""
    local = timezone.localtime(at)
    return f"{local:%Y%m%d-%H%M}" if minutes else f"{local:%Y%m%d}"


def download(
    form: str, file: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> FileResponse:
    """A list as ``file`` with the ending of its form; rows are read one by one."""
    return sheets(form, file, [Listing(title, header, rows)])


def sheets(form: str, file: str, listings: Sequence[Listing]) -> FileResponse:
    """Some lists as a workbook, a sheet each, or the first of them as CSV.

    Raises
    ------
    Invalid
        A list has more than ``MOST_ROWS``: whoever asks narrows it.
    """
    whole = [replace(one, rows=_bounded(one.rows)) for one in listings]
    # Some megabytes at the most.
    target = io.BytesIO()
    if form == "csv":
        target.writelines(stream_csv(whole[0].header, whole[0].rows))
    else:
        write_xlsx(target, whole)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{file}.{form}", content_type=_TYPES[form])


def _bounded(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise Invalid(say("export.too_many", most=MOST_ROWS))
        yield row
