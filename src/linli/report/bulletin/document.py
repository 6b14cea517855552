"""bulletin.pdf: the page on A4 paper, tagged for screen readers (PDF/UA-1); the same bytes each time."""

import hashlib
from pathlib import Path

from linli.kernel.texts import Language
from linli.report.bulletin.content import Bulletin
from linli.report.bulletin.page import render_bulletin

__all__ = ["set_pdf", "write_pdf"]


def write_pdf(bulletin: Bulletin, path: Path, *, language: Language = "zh") -> None:
    """Write the bulletin as a PDF in one language."""
    path.write_bytes(set_pdf(render_bulletin(bulletin, language=language)))


def set_pdf(html: str) -> bytes:
    """A page of our own as a PDF; it fetches nothing."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    made: bytes = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf(
        font_config=FontConfiguration(),
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
    )
    return made
