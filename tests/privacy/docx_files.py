"""Office files made for tests, whole or with parts that ought not to be there."""

import io
import zipfile
from collections.abc import Mapping

PARTS = {
    "[Content_Types].xml": b"<Types>application/vnd.openxmlformats-officedocument</Types>",
    "_rels/.rels": b'<Relationship Type="http://x/officeDocument" Target="word/document.xml"/>',
    "word/document.xml": b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
}


def docx(parts: Mapping[str, bytes] | None = None, *, without: str = "", stored: bool = False) -> bytes:
    """An archive of the usual parts with some added or replaced."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, **(parts or {})}.items():
            if name != without:
                # Of no particular moment: two of the same parts are the same bytes.
                archive.writestr(zipfile.ZipInfo(name), content, archive.compression)
    return kept.getvalue()
