"""The pieces by themselves: honest readings, places, funnels, run charts, which periods a rule looks at."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from linli.assessment.indicators.periods import period
from linli.assessment.rules.proposals import Series
from linli.kernel.errors import LinliError
from linli.web.workbench.assessment import drafting, honest
from linli.web.workbench.assessment.comparing import funnel_of, league_of, run_chart
from linli.web.workbench.assessment.evidence import Point
from linli.web.workbench.assessment.packs import assessed_by

COUNT = {"counts": True, "kind": "count", "unit": "case", "scope": ["beat"]}
RATE = {**COUNT, "kind": "rate", "unit": "case/1000 resident"}
SHARE = {**COUNT, "kind": "ratio", "unit": "%"}
HOURS = {**COUNT, "counts": False, "kind": "count", "unit": "hour"}


def point(area: str, above: float | None, below: float | None = None, token: str = "2026-02") -> Point:  # noqa: S107
    value = above if below is None or above is None else 100 * above / below if below else None
    width = None if value is None else 10.0
    return Point(
        indicator="X1.x",
        area_kind="beat",
        area=area,
        token=token,
        numerator=above,
        denominator=below,
        value=value,
        low=None if value is None else max(0.0, value - 5.0),
        high=None if value is None or width is None else value + 5.0,
        records=int(above or 0),
        evidence="e",
        formula="f",
        code_version="v",
    )


def series(now: list[list[float]]) -> Series:
    values = np.hstack([np.full((len(now), 12), 4.0), np.array(now)])
    areas = tuple(f"B{n:02}" for n in range(len(now)))
    tokens = tuple(f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(values.shape[1]))
    return Series(indicator="X1.x", areas=areas, periods=tokens, values=values)


def test_a_clear_rise_is_told_from_chance_and_a_small_one_is_not() -> None:
    steady = [[4.0, 4.0, 4.0]] * 19
    people = {f"B{n:02}": 3000.0 for n in range(20)}
    assert honest.of_counts(series([[16.0, 18.0, 15.0], *steady]), "B00", people).verdict == "high"
    assert honest.of_counts(series([[5.0, 4.0, 6.0], *steady]), "B00", people).verdict in (
        "ordinary",
        "cannot_tell",
    )
    assert honest.of_counts(series([[0.0, 0.0, 0.0], *steady]), "B00", people).verdict in (
        "low",
        "cannot_tell",
    )
    assert honest.of_counts(series([[np.nan, 1.0, 1.0], *steady]), "B00", people).verdict == "unknown"
    assert honest.exposure_of(("B00", "B01"), {"B00": 3.0}) == [1.0, 1.0]


def test_items_of_a_score_are_held_against_the_whole_territory() -> None:
    rule = next(one for one in assessed_by("hengshan-2020").scoring.rules if one.kind == "weighted_score")
    names = [each.indicator for each in rule.inputs]
    rows = []
    for place, name in enumerate(names[:3]):
        low = 60.0 if place == 0 else 40.0
        rows.append(
            {"indicator": name, "area": "B", "area_kind": "beat", "low": low, "high": 80.0, "value": 70.0}
        )
        rows.append(
            {"indicator": name, "area": "T", "area_kind": "territory", "low": 1.0, "high": 2.0, "value": 50.0}
        )
    rows.append(
        {"indicator": names[3], "area": "B", "area_kind": "beat", "low": np.nan, "high": 80.0, "value": 7.0}
    )
    rows.append(
        {"indicator": names[3], "area": "T", "area_kind": "territory", "low": 1.0, "high": 2.0, "value": 5.0}
    )
    results = SimpleNamespace(frame=pd.DataFrame(rows).assign(period="2026-02"))
    found = honest.of_items(rule, results, "B", "2026-02")
    assert (found.verdict, found.values["apart"], found.values["known"]) == ("items", 1, 3)
    nothing = SimpleNamespace(frame=pd.DataFrame(rows).assign(period="2026-01"))
    assert honest.of_items(rule, nothing, "B", "2026-02").verdict == "unknown"


def test_nothing_is_ranked_without_an_interval_or_among_too_few() -> None:
    people = dict.fromkeys(("A", "B", "C", "D"), 1000)
    counted = [point(area, 5.0) for area in people]
    assert league_of(COUNT, counted[:2], people) is None
    assert league_of(HOURS, counted, people) is None
    assert funnel_of(SHARE, counted, people) is None
    assert funnel_of(COUNT, [point(area, 0.0) for area in people], people) is None
    found = league_of(COUNT, [*counted, point("E", None)], people)
    assert found is not None
    assert found.left_out == ("E",)
    assert {row.standing.value for row in found.rows} == {"cannot_tell"}


def test_a_share_far_from_the_others_stands_apart_from_them() -> None:
    points = [point(f"B{n}", 90.0, 100.0) for n in range(6)] + [
        point("low", 20.0, 100.0),
        point("none", 0.0, 0.0),
    ]
    found = league_of(SHARE, points, {})
    assert found is not None
    last = found.rows[-1]
    assert (last.area, last.standing.value) == ("low", "lower")
    assert found.left_out == ("none",)


def test_a_count_far_beyond_the_others_is_flagged_in_the_funnel() -> None:
    points = [point(f"B{n}", 5.0, 10.0) for n in range(12)] + [point("many", 40.0, 10.0)]
    found = funnel_of(RATE, points, {})
    assert found is not None
    assert {row.area for row in found.rows if row.flag == "high"} == {"many"}


@pytest.mark.parametrize(("told", "kind"), [(COUNT, "xmr"), (RATE, "u"), (SHARE, "p")])
def test_a_series_gets_the_chart_of_its_kind(told, kind) -> None:
    points = [point("A", 40.0 + n % 3, 100.0, f"2025-{n + 1:02}") for n in range(11)]
    points.append(point("A", 95.0, 100.0, "2025-12"))
    found = run_chart(told, points)
    assert found is not None
    assert found.kind == kind
    assert "2025-12" in found.outside
    assert run_chart(told, points[:7]) is None


def test_a_rule_of_quarters_looks_at_those_that_have_ended() -> None:
    assessed = assessed_by("nanlu-2012")
    rules = {one.id: one for one in assessed.scoring.rules}
    results = SimpleNamespace(definitions={d.indicator.id: d for d in assessed.definitions})
    assert drafting._tokens(rules["N7.safety"], results, period("2026-02")) == ()
    assert drafting._tokens(rules["N7.safety"], results, period("2026-06")) == ("2026-Q1", "2026-Q2")
    assert drafting._tokens(rules["N19.ladder"], results, period("2026-02"))[0] == "2025-01"
    with pytest.raises(LinliError):
        drafting._tokens(rules["N7.safety"], SimpleNamespace(definitions={}), period("2026-06"))


@pytest.mark.django_db
def test_the_home_page_shows_what_can_be_objected_to_and_a_case_of_ones_own_is_a_link(
    period, actor, stage, signed_in, now, approve
) -> None:
    """One incident of the platform beside the made-up facts, and a consequence of the own beat."""
    from django.utils.http import urlencode

    from linli.web.foundation.accounts.actor import SYSTEM
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.casework.actions.opening import OpenCase
    from linli.web.foundation.facts import flags_of
    from linli.web.workbench.assessment.actions.consequences import Propose
    from linli.web.workbench.assessment.actions.periods import LockVersion, OrderVersion
    from linli.web.workbench.assessment.computing import compute_version

    (key, *_) = sorted(flags_of("incident").key)
    opened = OpenCase(kind="incident", category=key, title="夜间被盗", place=stage.place.code)
    case = perform(opened, SYSTEM, now.replace(month=2))
    version = perform(OrderVersion(period_id=period.pk), actor("guihua"), now)
    version = approve(compute_version(version.pk, now))
    perform(LockVersion(version_id=version.pk), actor("guihua"), now)
    perform(Propose(version_id=version.pk), actor("guihua"), now)
    beat = stage.post.codes[0]
    one = version.consequences.filter(area_kind="beat").first()
    one.area, one.beat_code, one.station_code = beat, beat, stage.station.station_code
    one.save()
    assert f"/assessment/consequences/{one.pk}/" in signed_in("minjing").get("/?cards").content.decode()
    told = version.told["indicators"]
    of_cases = [name for name, t in told.items() if t["source"] == "cases" and "beat" in t["scope"]]
    pages = [
        signed_in("minjing").get(
            f"/assessment/versions/{version.pk}/records/?"
            + urlencode({"indicator": name, "area": beat, "period": "2026-02"})
        )
        for name in of_cases
    ]
    assert {page.status_code for page in pages} == {200}
    listed = [page.content.decode() for page in pages if f"case:{case.number}" in page.content.decode()]
    assert listed
    assert all(f'href="/cases/{case.number}/"' in page for page in listed)
