"""What somebody reads in an answer: text as it is, workbooks and archives unpacked, the text of a PDF."""

import io
import zipfile

from pypdf import PdfReader
from pypdf.errors import PyPdfError

__all__ = ["shown_in"]


def shown_in(content: bytes) -> str:
    """The words of a page or a file, whatever it is packed in."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(shown_in(packed.read(name)) for name in packed.namelist())
    if content[:5] == b"%PDF-":
        try:
            read = PdfReader(io.BytesIO(content))
            return "\n".join([*(page.extract_text() for page in read.pages), str(read.metadata)])
        except PyPdfError:
            return content.decode("utf-8", "replace")
    return content.decode("utf-8", "replace")
