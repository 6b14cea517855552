"""Papers of disputes as PDF."""

from typing import Any, Final

from django.template.loader import render_to_string

from linli.web.foundation.printing import pdf

__all__ = ["paper_pdf"]

TEMPLATE: Final = "disputes/papers/sheet.html"
STYLE: Final = "disputes/papers/paper.css"


def paper_pdf(context: dict[str, Any]) -> bytes:
    """A paper as an accessible PDF; the same content gives the same bytes."""
    return pdf(render_to_string(TEMPLATE, context), render_to_string(STYLE))
