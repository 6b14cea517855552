"""Answers and errors of Open311 in both formats, as the specification shapes them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from django.http import HttpResponse

from linli.kernel.texts import Text
from linli.web.foundation.screens.wording import said

__all__ = ["Fault", "answer", "fault_answer", "one"]

Row = Mapping[str, Any]
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}


class Fault(Exception):
    """Something is not answered, with the status and a sentence."""

    def __init__(self, status: int, text: Text) -> None:
        super().__init__(text.en)
        self.status, self.text = status, text


def answer(form: str, names: tuple[str, str], rows: Sequence[Row], *, status: int = 200) -> HttpResponse:
    """Rows as a JSON list, or as XML elements of the second name within one of the first."""
    if form == "xml":
        root = Xml.Element(names[0])
        for row in rows:
            _put(Xml.SubElement(root, names[1]), row)
        return _response(form, _written(root), status)
    return _response(form, json.dumps(rows, ensure_ascii=False).encode(), status)


def one(form: str, name: str, row: Row) -> HttpResponse:
    """A single thing that is no list in either format."""
    if form == "xml":
        root = Xml.Element(name)
        _put(root, row)
        return _response(form, _written(root), 200)
    return _response(form, json.dumps(row, ensure_ascii=False).encode(), 200)


def fault_answer(form: str, fault: Fault) -> HttpResponse:
    """A fault in the specification's shape."""
    return answer(
        form,
        ("errors", "error"),
        [{"code": fault.status, "description": said(fault.text)}],
        status=fault.status,
    )


def _put(parent: Xml.Element, row: Row) -> None:
    for name, value in row.items():
        child = Xml.SubElement(parent, name)
        if isinstance(value, Mapping):
            _put(child, value)
        elif isinstance(value, list):
            for item in value:
                part = Xml.SubElement(child, _SINGULAR.get(name, "item"))
                if isinstance(item, Mapping):
                    _put(part, item)
                else:
                    part.text = str(item)
        elif isinstance(value, bool):
            child.text = "true" if value else "false"
        elif value is not None:
            child.text = str(value)


_SINGULAR = {
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}


def _written(root: Xml.Element) -> bytes:
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _response(form: str, content: bytes, status: int) -> HttpResponse:
    response = HttpResponse(content, status=status, content_type=_TYPES[form])
    # Public data that needs no account: programs in a browser may read it from anywhere.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    return response
