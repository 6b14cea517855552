"""What the pictures of a bulletin show, read from their SVG."""

import re

import pytest

from linli.report.bulletin.content import Moment
from linli.report.bulletin.drawing import as_svg, league, series
from report.bulletin.conftest import item, spot


@pytest.mark.parametrize("whole", [20.0, 60.0])
def test_areas_are_held_against_the_whole_or_against_their_mean_where_it_is_their_sum(whole: float) -> None:
    areas = tuple(spot(f"B{n}", value=value) for n, value in enumerate((10.0, 20.0, 30.0)))
    picture = as_svg(league(item(areas=areas, whole=spot("county", value=whole)), "en"))
    same = as_svg(league(item(areas=areas, whole=spot("county", value=20.0)), "en"))
    assert "stroke-dasharray" in picture
    assert picture == same


@pytest.mark.parametrize("months", [2, 12, 15, 36])
def test_so_many_months_are_named_that_none_touch(months: int) -> None:
    moments = tuple(
        Moment(token=f"{2024 + n // 12}-{n % 12 + 1:02}", value=float(n), low=None, high=None)
        for n in range(months)
    )
    named = re.findall(r">(20\d\d-\d\d)<", as_svg(series(item(series=moments), "en")))
    assert named[0] == "2024-01"
    assert len(named) <= 10
