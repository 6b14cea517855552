"""Units multiply and divide exactly; different things never mix."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.texts import catalogue
from linli.kernel.units import NAMED, PERCENT, RATIO, Unit, UnitUnknown, known_units, parse_unit

names = st.sampled_from(sorted(NAMED))
units = st.lists(st.tuples(names, st.booleans()), max_size=3).map(
    lambda parts: _product([(parse_unit(name), up) for name, up in parts])
)


def _product(parts: list[tuple[Unit, bool]]) -> Unit:
    result = RATIO
    for unit, up in parts:
        result = result * unit if up else result / unit
    return result


def test_a_norm_per_thousand_residents_times_residents_is_people() -> None:
    product = parse_unit("person/1000 resident") * parse_unit("resident")
    assert product.same_dimension(parse_unit("person"))
    assert product.per(parse_unit("person")) == Fraction(1, 1000)


def test_people_and_hours_are_different_things() -> None:
    assert not parse_unit("person").same_dimension(parse_unit("hour"))
    with pytest.raises(ValueError, match="different things"):
        parse_unit("person").per(parse_unit("hour"))


def test_a_percent_is_not_a_ratio() -> None:
    assert not PERCENT.same_dimension(RATIO)


def test_an_hour_is_sixty_minutes_and_a_year_twelve_months() -> None:
    assert parse_unit("hour").per(parse_unit("min")) == 60
    assert parse_unit("year").per(parse_unit("month")) == 12
    assert not parse_unit("month").same_dimension(parse_unit("day"))


def test_equal_units_are_equal_whatever_their_text() -> None:
    assert parse_unit("hour/week") == parse_unit("60 min/week")
    assert hash(parse_unit("hour/week")) == hash(parse_unit("60 min/week"))
    assert parse_unit("hour") != parse_unit("min")
    assert parse_unit("person") != "person"


@pytest.mark.parametrize(
    "text",
    ["", "people", "person/", "0 person", "person^9", "person resident", "person//week", "1/0 week", "°"],
)
def test_an_unknown_unit_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnitUnknown):
        parse_unit(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1", "1"), ("1/week", "1/week"), ("km^2", "km^2"), ("yuan/resident/year", "yuan/resident/year")],
)
def test_a_unit_keeps_the_text_it_was_written_in(text: str, shown: str) -> None:
    assert str(parse_unit(text)) == shown


def test_units_made_by_arithmetic_have_a_readable_text() -> None:
    assert str(parse_unit("person") / parse_unit("post")) == "person/post"
    assert str(parse_unit("km") * parse_unit("km")) == "length^2 × 1000000"
    assert str(parse_unit("hour/week") * parse_unit("week")) == "hour"
    assert str(RATIO / parse_unit("case") / parse_unit("case")) == "1/case^2"


@given(units, units)
def test_multiplying_and_dividing_undo_each_other(first: Unit, second: Unit) -> None:
    assert first * second / second == first
    assert first * second == second * first


@given(names)
def test_every_named_unit_reads_back(name: str) -> None:
    assert parse_unit(name).per(parse_unit(name)) == 1
    assert name in known_units()


@pytest.mark.parametrize("name", [name for name in NAMED if name != "%"])
def test_every_unit_has_words_in_both_languages(name: str) -> None:
    templates = catalogue("linli.policy").templates
    assert templates[f"unit.{name}"].zh
    assert templates[f"unit.{name}.many"].en
