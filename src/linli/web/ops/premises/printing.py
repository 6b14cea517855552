"""Papers of premises as PDF in either language: A4, tagged for screen readers, the same bytes each time."""

from collections.abc import Mapping
from importlib import resources
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from linli.web.foundation.places.locating import current_map
from linli.web.foundation.printing import pdf

__all__ = ["paper", "paper_response"]

_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def paper(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """A template as a PDF."""
    current = current_map()
    with translation.override(_LANGUAGES.get(language, "zh-hans")):
        values = {**context, "language": language, "made_up": current is not None and bool(current.synthetic)}
        html = render_to_string(f"premises/print/{template}", values)
    style = resources.files(f"{__package__}.documents").joinpath("paper.css").read_text(encoding="utf-8")
    return pdf(html, style)


def paper_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at or save; it is nobody's but the one who asked."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
