"""The settled rate as the plans count it, and the honest one beside it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.web.ops.disputes.settling import (
    CHECK_DAYS,
    Agreed,
    Found,
    Share,
    kept_share,
    settled_share,
    verdict,
)

FIRST, LAST = dt.date(2010, 1, 1), dt.date(2010, 6, 30)
DAY = dt.date(2010, 3, 1)
LATER = DAY + dt.timedelta(days=CHECK_DAYS)


def half_year(found: int, settled: int) -> list[Found]:
    return [Found(found_on=DAY, settled_on=DAY if n < settled else None) for n in range(found)]


@pytest.mark.parametrize(("found", "settled", "percent"), [(1008, 975, 96.7), (289, 255, 88.2)])
def test_the_published_rates_of_q5_and_h8_are_reproduced(found: int, settled: int, percent: float) -> None:
    share = settled_share(half_year(found, settled), FIRST, LAST)
    assert (share.part, share.whole) == (settled, found)
    assert share.percent is not None
    assert round(share.percent, 1) == percent


def test_a_dispute_counts_by_the_day_it_was_found_and_settled_by_the_last_day_of_the_period() -> None:
    next_day = LAST + dt.timedelta(days=1)
    disputes = [
        Found(found_on=FIRST, settled_on=LAST),
        Found(found_on=LAST, settled_on=next_day),
        Found(found_on=next_day, settled_on=next_day),
        Found(found_on=FIRST - dt.timedelta(days=1), settled_on=FIRST),
    ]
    assert settled_share(disputes, FIRST, LAST) == Share(1, 2)


def test_no_dispute_has_no_rate_rather_than_a_perfect_one() -> None:
    assert settled_share([], FIRST, LAST).ratio is None
    assert kept_share([], FIRST, LAST, LATER).share.percent is None


def agreed(**values: object) -> Agreed:
    return Agreed(**{"reached_on": DAY, "due_on": DAY, "fulfilled_on": DAY, "checked": True, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("agreement", "today", "expected"),
    [
        (agreed(), LATER, "kept"),
        (agreed(), LATER - dt.timedelta(days=1), "not_yet"),
        (agreed(checked=None), LATER, "unchecked"),
        (agreed(checked=False), LATER, "not_kept"),
        (agreed(relapsed_on=LATER), LATER, "not_kept"),
        (agreed(relapsed_on=LATER + dt.timedelta(days=1)), LATER + dt.timedelta(days=5), "kept"),
        (agreed(broken_on=DAY, fulfilled_on=None, checked=None), LATER, "not_kept"),
        (agreed(broken_on=DAY, fulfilled_on=None, checked=None), DAY, "not_yet"),
        (agreed(fulfilled_on=None, checked=None), LATER, "not_kept"),
        (agreed(fulfilled_on=LATER + dt.timedelta(days=1)), LATER + dt.timedelta(days=2), "not_kept"),
    ],
)
def test_an_agreement_is_judged_ninety_days_after_it_was_to_be_fulfilled(
    agreement: Agreed, today: dt.date, expected: str
) -> None:
    assert verdict(agreement, today) == expected


def test_a_broken_agreement_is_not_counted_before_a_kept_one_of_the_same_day_could_be() -> None:
    both = [agreed(), agreed(broken_on=DAY, fulfilled_on=None, checked=None)]
    early = kept_share(both, FIRST, LAST, LATER - dt.timedelta(days=1))
    assert (early.judged, early.not_yet) == (0, 2)
    assert kept_share(both, FIRST, LAST, LATER).share == Share(1, 2)


days = st.integers(0, 400).map(lambda n: DAY + dt.timedelta(days=n))
maybe = st.none() | days
agreements = st.lists(
    st.builds(
        Agreed, reached_on=days, due_on=days, fulfilled_on=maybe, broken_on=maybe, relapsed_on=maybe,
        checked=st.none() | st.booleans(),
    )
)  # fmt: skip


@given(agreements, days)
def test_every_agreement_of_the_period_is_in_exactly_one_number(rows: list[Agreed], today: dt.date) -> None:
    last = DAY + dt.timedelta(days=200)
    kept = kept_share(rows, DAY, last, today)
    assert kept.judged + kept.not_yet + kept.unchecked == sum(DAY <= row.reached_on <= last for row in rows)
    assert kept.kept <= kept.judged


@given(agreements, days)
def test_the_honest_rate_lies_between_its_bounds(rows: list[Agreed], today: dt.date) -> None:
    kept = kept_share(rows, DAY, DAY + dt.timedelta(days=400), today)
    if kept.share.ratio is not None:
        assert kept.least.ratio is not None
        assert kept.most.ratio is not None
        assert kept.least.ratio <= kept.share.ratio <= kept.most.ratio


@given(agreements, days, st.integers(0, 100))
def test_time_alone_never_makes_a_judged_agreement_unjudged(
    rows: list[Agreed], today: dt.date, more: int
) -> None:
    last = DAY + dt.timedelta(days=400)
    now, later = (kept_share(rows, DAY, last, day) for day in (today, today + dt.timedelta(days=more)))
    assert later.judged >= now.judged
    assert later.not_yet <= now.not_yet
