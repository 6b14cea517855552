"""Papers of premises as PDF in either language: A4, tagged for screen readers, the same bytes each time."""

import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import weasyprint
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from linli.web.foundation.places.locating import current_map

__all__ = ["paper", "paper_response"]

_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def paper(template: str, context: Mapping[str, Any], *, language: str) -> bytes:
    """A template as a PDF."""
    current = current_map()
    with translation.override(_LANGUAGES.get(language, "zh-hans")):
        values = {**context, "language": language, "made_up": current is not None and bool(current.synthetic)}
        html = render_to_string(f"premises/print/{template}", values)
    fonts = FontConfiguration()
    style = resources.files(f"{__package__}.documents").joinpath("paper.css").read_text(encoding="utf-8")
    document = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    made: bytes = document.write_pdf(
        stylesheets=[weasyprint.CSS(string=style, font_config=fonts)],
        font_config=fonts,
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
    )
    return made


def paper_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at or save; it is nobody's but the one who asked."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
