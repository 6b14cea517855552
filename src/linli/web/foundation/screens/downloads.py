"""A list as a file: CSV in pieces, or a workbook; whoever asks for it is written down by the caller first."""

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from linli.io.sheets import Cell, Listing, stream_csv, write_xlsx

__all__ = ["FORMS", "download"]

FORMS = ("xlsx", "csv")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(
    form: str, file: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """A list as ``file`` with the ending of its form; rows are read one by one."""
    disposition = {"Content-Disposition": f'attachment; filename="{file}.{form}"'}
    if form == "csv":
        return StreamingHttpResponse(
            stream_csv(header, rows), content_type="text/csv; charset=utf-8", headers=disposition
        )
    # Closed by the response once it has been sent.
    target = tempfile.TemporaryFile()  # noqa: SIM115
    write_xlsx(target, [Listing(title, header, rows)])
    target.seek(0)
    return FileResponse(target, content_type=_XLSX, headers=disposition)
