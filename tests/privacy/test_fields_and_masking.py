"""A personal field says what it is for; lists show no whole name and no whole number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text
from linli.privacy.fields import LONGEST_KEPT, Purpose
from linli.privacy.masking import mask_name, mask_phone

WHY = Text(zh="联系反映人", en="to call the person back")
RIGHT = Text(zh="《个人信息保护法》第十三条第一款第三项", en="PIPL, article 13 (1) 3")


def test_a_purpose_is_kept_as_given() -> None:
    assert Purpose(WHY, RIGHT, 365).keep_days == 365


@pytest.mark.parametrize("days", [0, -1, LONGEST_KEPT + 1, True, 1.5])
def test_a_field_is_not_kept_for_ever_or_for_no_time(days: int) -> None:
    with pytest.raises(LinliError) as refusal:
        Purpose(WHY, RIGHT, days)
    assert str(days) in refusal.value.text.zh


@pytest.mark.parametrize("empty", [Text(zh="", en="x"), Text(zh="字", en=" ")])
def test_a_field_without_purpose_or_right_is_refused(empty: Text) -> None:
    with pytest.raises(LinliError):
        Purpose(empty, RIGHT, 30)
    with pytest.raises(LinliError):
        Purpose(WHY, empty, 30)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王小明", "王**"), (" 李四 ", "李**"), ("阿依古丽", "阿**"), ("John", "J**"), ("  ", "")],
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+86 138 1234 1234", "138****1234"),
        ("0876-1234567", "087****4567"),
        ("１３８１２３４１２３４", "138****1234"),
        ("12345678", "****78"),
        ("110", "****"),
        ("无", "****"),
        ("", ""),
    ],
)
def test_a_number_shows_its_ends(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.text(alphabet="王李张欧阳明abc ", max_size=12))
def test_no_name_shows_more_than_one_character_or_its_length(name: str) -> None:
    shown = mask_name(name)
    assert len(shown) == (3 if name.strip() else 0)
    assert mask_name(shown) == shown


@given(st.text())
def test_at_least_four_digits_of_any_number_are_hidden(phone: str) -> None:
    shown = mask_phone(phone)
    digits = sum(c.isdigit() for c in phone)
    assert sum(c.isdigit() for c in shown) <= min(7, max(0, digits - 4))
