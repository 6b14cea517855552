"""A category is typed by its number, its letters or the beginning of its name."""

import pytest

from linli.kernel.texts import Text
from linli.web.ops.incidents.categories import Choice, matching
from linli.web.ops.incidents.letters import initials

CHOICES = [
    Choice(1, "burglary", Text(zh="入室盗窃", en="Residential burglary")),
    Choice(2, "home_robbery", Text(zh="入户抢劫", en="Home robbery")),
    Choice(10, "help", Text(zh="群众求助", en="Call for help")),
    Choice(11, "other", Text(zh="其他警情", en="Other")),
]


@pytest.mark.parametrize(
    ("text", "letters"),
    [("入室盗窃", "rsdq"), ("打架斗殴", "djdo"), ("交通事故", "jtsg"), ("诈骗", "zp"),
     ("A1 城", "a1c"), ("", ""), ("①", "")],
)  # fmt: skip
def test_the_letters_of_a_name_are_those_of_its_pinyin(text: str, letters: str) -> None:
    assert initials(text) == letters


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1", ["burglary"]),
        ("10", ["help"]),
        ("rsdq", ["burglary"]),
        ("RS", ["burglary"]),
        ("r", ["burglary", "home_robbery"]),
        ("入室", ["burglary"]),
        ("res", ["burglary"]),
        ("Other", ["other"]),
        ("h", ["home_robbery", "help"]),
        ("1 入室盗窃 rsdq", ["burglary"]),
        ("99", []),
        ("  ", []),
        ("x", []),
    ],
)
def test_what_is_typed_finds_its_categories(typed: str, found: list[str]) -> None:
    assert [one.id for one in matching(typed, CHOICES)] == found
