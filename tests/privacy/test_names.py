"""File names: Chinese ones stay, paths, reserved names and unseen characters go."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.privacy.names import LONGEST_BYTES, LONGEST_NAME, RESERVED, safe_name, suffix_of


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("调解协议书（2024）.pdf", "调解协议书（2024）.pdf"),
        ("现场 照片-1.jpg", "现场 照片-1.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\Users\\Wang\\扫描.pdf", "扫描.pdf"),
        ("/a/b/", "file"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("nul .pdf", "_nul.pdf"),
        ("LPT1.tar.pdf", "_LPT1.tar.pdf"),
        ("console.txt", "console.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u200b\ufeff\x00\x1fb.txt", "ab.txt"),
        ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        ("a.txt. . ", "a.txt"),
        ("a\n\tb.txt", "ab.txt"),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("邻" * 500 + ".pdf")
    assert name.endswith("邻.pdf")
    assert len(name.encode()) <= LONGEST_BYTES


@given(st.text())
def test_every_name_comes_out_safe_and_stays_so(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe_name(safe) == safe
    assert len(safe) <= LONGEST_NAME + 1
    assert len(safe.encode("utf-8")) <= LONGEST_BYTES + 1
    assert not set(safe) & set('/\\<>:"|?*\0')
    assert not safe.startswith(".")
    assert safe == safe.strip(" .")
    assert not RESERVED.match(safe)
    assert not any(unicodedata.category(c).startswith("C") for c in safe)


@given(st.text(), st.sampled_from([".pdf", ".JPG", ".docx"]))
def test_an_extension_is_kept(stem: str, suffix: str) -> None:
    name = safe_name(f"x{stem}{suffix}".replace("/", "").replace("\\", ""))
    assert suffix_of(name) == suffix.lower()
