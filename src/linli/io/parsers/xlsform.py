"""The process in which an XLSForm becomes an XForm."""

import json
from collections.abc import Sequence

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from linli.privacy.apart import serve

__all__ = ["answer"]

MOST: int = 4 * 1024 * 1024


def answer(content: bytes, arguments: Sequence[str]) -> bytes:
    """The XForm as JSON, or why there is none. How far the workbook reaches was looked at before."""
    try:
        xform = convert(content, file_type=".xlsx", validate=False).xform
    except (PyXFormError, ValueError, KeyError) as error:
        return json.dumps({"wrong": " ".join(str(error).split())[:300]}).encode()
    if len(xform) > MOST:
        return json.dumps({"wrong": f"{len(xform)} > {MOST}"}).encode()
    return json.dumps({"xform": xform}).encode()


if __name__ == "__main__":
    serve(answer)
