"""Whatever happens to a pack's text, it loads or is refused with findings; nothing else is raised."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.errors import InputRefused
from linli.kernel.texts import Language
from linli.policy.loading import load_pack, shipped_packs
from linli.policy.proof import prove

LANGUAGES: tuple[Language, Language] = ("zh", "en")
PLACEHOLDER = re.compile(r"\{(words|unit|units|type|close|keys|value|day|limit|shape|left|right)\}")
PACK = shipped_packs() / "hengshan-2020"
FILES = sorted(path.relative_to(PACK).as_posix() for path in PACK.rglob("*.toml"))
SCALARS = [
    '""',
    '"x"',
    "0",
    "-1",
    "1e308",
    "nan",
    "true",
    "[]",
    "{}",
    "[[]]",
    "2020-01-01",
    "2020-01-01T00:00:00",
    "00:00:01",
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(PACK, tmp_path_factory.mktemp("packs") / "hengshan-2020")


def outcome(folder: Path) -> None:
    try:
        pack = load_pack(folder)
    except InputRefused as refused:
        sentences = [finding.sentence(language) for finding in refused.findings for language in LANGUAGES]
        good = bool(sentences) and not any(PLACEHOLDER.search(sentence) for sentence in sentences)
    else:
        prove(pack)
        good = True
    assert good


def damaged(folder: Path, name: str, text: str) -> None:
    path = folder / name
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(text, encoding="utf-8")
        outcome(folder)
    finally:
        path.write_text(before, encoding="utf-8")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 10_000), st.sampled_from(["drop", "double", "swap"]))
def test_a_lost_or_doubled_line_is_refused_or_harmless(copy: Path, name: str, at: int, how: str) -> None:
    lines = (copy / name).read_text(encoding="utf-8").splitlines()
    at %= len(lines)
    other = (at + 1) % len(lines)
    if how == "drop":
        del lines[at]
    elif how == "double":
        lines.insert(at, lines[at])
    else:
        lines[at], lines[other] = lines[other], lines[at]
    damaged(copy, name, "\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 10_000), st.sampled_from(SCALARS))
def test_a_value_of_another_kind_is_refused_or_harmless(copy: Path, name: str, at: int, scalar: str) -> None:
    text = (copy / name).read_text(encoding="utf-8")
    values = list(re.finditer(r"= (\"[^\"]*\"|[0-9.:-]+|\[.*\]|\{.*\})", text))
    chosen = values[at % len(values)]
    damaged(copy, name, text[: chosen.start(1)] + scalar + text[chosen.end(1) :])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 100_000), st.text(min_size=1, max_size=3))
def test_a_slip_of_the_keyboard_is_refused_or_harmless(copy: Path, name: str, at: int, slip: str) -> None:
    text = (copy / name).read_text(encoding="utf-8")
    at %= len(text)
    damaged(copy, name, text[:at] + slip.encode("utf-8", "ignore").decode() + text[at + 1 :])
