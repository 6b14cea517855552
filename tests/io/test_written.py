"""Numbers, degrees and days as people write them: what is clear is read, what is not is none."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.io.written import Degrees, Moment, Whole, degrees_of, moment_of, whole_of

pytestmark = pytest.mark.any_database


# Mend 15
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3.2万", 32_000),
        ("3.2 万", 32_000),
        ("3.2万人", 32_000),
        ("３２００人", 3_200),
        ("3200口", 3_200),
        ("3,200", 3_200),
        ("1,234,567", 1_234_567),
        ("3，200", 3_200),
        ("1 234 567", 1_234_567),
        ("2千", 2_000),
        ("3200.0人", 3_200),
    ],
)
def test_a_count_that_is_clear_is_read_and_said_not_to_be_plain(cell: str, value: int) -> None:
    assert whole_of(cell, "人口名") == Whole(value, plain=False)


# Mend 15
@pytest.mark.parametrize(
    "cell",
    [
        "约3000", "3000余", "近3000", "3000多人", "3000左右", "3200户", "1500.5", "3,20", "1,0000",
        "1,234 567",
        "3.23456万", "三千", "—", "无", "NaN", "1e3", "", "3200-3500", "万", "0x10", "1_000",
    ],
)  # fmt: skip
def test_an_estimate_and_what_may_mean_two_things_are_no_count(cell: str) -> None:
    assert whole_of(cell, "人口名") is None


# Mend 15
@given(st.integers(0, 10**9))
def test_any_count_is_read_however_it_is_grouped(value: int) -> None:
    assert whole_of(str(value)) == Whole(value, plain=True)
    assert whole_of(f"{value}人", "人") == Whole(value, plain=False)
    for written in (f"{value:,}", f"{value:,}".replace(",", " ")):
        found = whole_of(written)
        assert found is not None
        assert found.value == value


# Mend 15
@given(st.integers(1, 99_999_999))
def test_ten_thousands_are_read_to_the_last_person(value: int) -> None:
    found = whole_of(f"{value / 10_000:.4f}万")
    assert found == Whole(value, plain=False)


# Mend 15
@given(st.text(max_size=12))
def test_any_text_is_a_count_or_none(cell: str) -> None:
    found = whole_of(cell, "人户")
    assert found is None or any(sign.isdigit() for sign in cell)


# Mend 15
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("103°42′30″", 103.708333),
        ("103°42'30\"E", 103.708333),
        ("东经103度42分", 103.7),
        ("24°30.6′N", 24.51),
        ("103.7°", 103.7),
        ("E103.7", 103.7),
    ],
)
def test_degrees_and_minutes_are_read(cell: str, value: float) -> None:
    found = degrees_of(cell)
    assert found is not None
    assert not found.plain
    assert found.value == pytest.approx(value, abs=1e-6)


# Mend 15
@pytest.mark.parametrize(
    "cell", ["", "103°75′", "nan", "inf", "1_0", "103,7", "W103.7", "西经103.7", "103°-2′"]
)
def test_what_is_no_angle_is_none(cell: str) -> None:
    assert degrees_of(cell) is None


# Mend 15
@given(st.floats(-1e7, 1e7))
def test_a_decimal_number_is_read_as_it_stands(value: float) -> None:
    assert degrees_of(repr(value)) == Degrees(value, plain=True)


DAY = dt.date(2024, 3, 31)


# Mend 15
@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2024.3.31", None),
        ("2024-03-31", None),
        ("2024/3/31", None),
        ("2024年3月31日", None),
        ("20240331", None),
        ("２０２４．３．３１", None),
        ("2024-03-31 08:05:00", dt.time(8, 5)),
        ("2024-03-31T08:05", dt.time(8, 5)),
        ("2024.3.31 8:05", dt.time(8, 5)),
        ("2024年3月31日8时5分", dt.time(8, 5)),
        ("2024年3月31日 8点", dt.time(8)),
        ("2024/3/31 23:59:59", dt.time(23, 59, 59)),
    ],
)
def test_a_day_is_read_with_its_hour(cell: str, time: dt.time | None) -> None:
    assert moment_of(cell) == Moment(DAY, time)


# Mend 15
@pytest.mark.parametrize(
    "cell",
    ["", "2024.3", "24.3.31", "3/31/2024", "2024-02-30", "2024-03-31 25:00", "2024-03-31x", "19999", "80001",
     "2024-3-3108", "45382.x", "3月31日", "2024-03-31 上午"],
)  # fmt: skip
def test_what_may_be_another_day_is_none(cell: str) -> None:
    assert moment_of(cell) is None


# Mend 15
@given(st.dates(dt.date(1955, 1, 1), dt.date(2118, 12, 31)), st.none() | st.times())
def test_excels_number_of_a_day_is_that_day_and_its_hour(day: dt.date, time: dt.time | None) -> None:
    number = (day - dt.date(1899, 12, 30)).days
    if time is None:
        assert moment_of(str(number)) == Moment(day, None, serial=True)
        return
    second = time.replace(microsecond=0)
    part = (second.hour * 3600 + second.minute * 60 + second.second) / 86_400
    found = moment_of(f"{number + part:.8f}")
    assert found is not None
    assert found.day == day
    assert (found.time or dt.time()) == second
