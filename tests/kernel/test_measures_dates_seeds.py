"""Small pieces that every room relies on."""

import datetime as dt

import pytest

from linli.kernel.dates import Period
from linli.kernel.measures import Percent, Ratio, as_percent, as_ratio
from linli.kernel.seeds import Seed, generator


def test_percent_and_ratio_turn_into_each_other() -> None:
    assert as_percent(Ratio(0.25)) == 25.0
    assert as_ratio(Percent(25.0)) == 0.25


def test_a_period_holds_both_of_its_ends() -> None:
    october = Period(dt.date(2017, 10, 1), dt.date(2017, 10, 31))
    assert dt.date(2017, 10, 1) in october
    assert dt.date(2017, 10, 31) in october
    assert dt.date(2017, 11, 1) not in october
    assert dt.date(2017, 9, 30) not in october


def test_an_open_period_never_ends() -> None:
    assert dt.date(2099, 1, 1) in Period(dt.date(2018, 1, 1))


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(dt.date(2018, 1, 2), dt.date(2018, 1, 1))


def test_the_same_seed_and_labels_give_the_same_stream() -> None:
    first = generator(Seed(7), "beats", "532626").integers(0, 1 << 30, 5)
    again = generator(Seed(7), "beats", "532626").integers(0, 1 << 30, 5)
    assert first.tolist() == again.tolist()


def test_another_label_or_seed_gives_another_stream() -> None:
    streams = [
        generator(Seed(seed), *labels).integers(0, 1 << 30, 5).tolist()
        for seed, labels in [(7, ("a",)), (7, ("b",)), (8, ("a",)), (7, ("a", "b")), (7, ("ab",))]
    ]
    assert len({tuple(stream) for stream in streams}) == 5
