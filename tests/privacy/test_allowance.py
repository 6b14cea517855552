"""All files of one request together have so many seconds to be opened in."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from linli.kernel.errors import InputRefused
from linli.privacy import allowance, apart
from linli.privacy.allowance import is_spent
from linli.privacy.apart import Limits, Spent
from linli.privacy.files import clean_file, look_over
from privacy.pdf_files import pdf

pytestmark = pytest.mark.any_database

LIMITS = Limits(megabytes=64, seconds=8)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that each file was given; each takes three."""
    told, clock = [], [100.0]

    def run(command: Sequence[str], content: bytes, seconds: float, **_: bool) -> bytes:
        told.append(seconds)
        clock[0] += 3
        return b""

    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(apart, "_run", run)
    return told


# Guard 9
def test_the_first_file_has_its_own_limits_and_those_after_it_what_is_left(given: list[float]) -> None:
    with allowance.allowance(5):
        apart.apart("linli.privacy.pdfs", b"", LIMITS)
        apart.apart("linli.privacy.pdfs", b"", LIMITS)
        assert is_spent()
        for _ in range(10):
            with pytest.raises(Spent):
                apart.apart("linli.privacy.pdfs", b"", LIMITS)
    assert given == [24, 2]


# Guard 9
def test_outside_a_request_there_is_no_such_limit(given: list[float]) -> None:
    for _ in range(4):
        apart.apart("linli.privacy.pdfs", b"", LIMITS)
    assert given == [24] * 4
    assert not is_spent()


# Guard 9
def test_a_file_that_was_not_opened_is_refused_with_what_to_do(given: list[float]) -> None:
    looked = look_over("a.pdf", pdf(b"<</Type/Catalog>>"))
    with allowance.allowance(3):
        clean_file(looked)
        with pytest.raises(InputRefused) as refused:
            clean_file(looked)
    assert [finding.code for finding in refused.value.findings] == ["files.spent"]
    assert "请分几次提交" in refused.value.text.zh
    assert "send fewer at a time" in refused.value.text.en
    assert len(given) == 1
