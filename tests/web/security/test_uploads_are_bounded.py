"""What somebody uploads is read as far as it may be long and one byte more: the rest is never in memory."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import linli.web
from linli.web.ops.premises.forms import uploads

pytestmark = pytest.mark.any_database

SOURCE = Path(linli.web.__file__).parent
WHOLE = re.compile(r"\b(file|one|upload|found|given)\.read\(\)")


# Guard 9
def test_no_page_reads_an_upload_whole_before_it_knows_how_long_it_is() -> None:
    pages = [one for one in SOURCE.rglob("*.py") if "migrations" not in one.parts]
    assert len(pages) > 300
    found = [
        f"{one.relative_to(SOURCE)}: {m[0]}" for one in pages for m in WHOLE.finditer(one.read_text("utf-8"))
    ]
    assert found == []


# Guard 9
def test_an_upload_that_is_too_long_is_read_one_byte_too_far(settings) -> None:
    settings.ATTACHMENT_MOST_BYTES = 10
    (kept,) = uploads([SimpleUploadedFile("a.txt", b"x" * 1000)])
    assert len(kept.content) == 11
