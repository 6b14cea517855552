"""Addresses in every place, the shipped questionnaire, a wave that takes answers."""

import datetime as dt

import pytest

from linli.web.foundation.actions.action import perform
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.models import Address, Place
from linli.web.ops.surveys.actions.planning import KeepQuestionnaire, PlanWave
from linli.web.ops.surveys.shipped import template

GOOD = {"feel_safe": "safe", "satisfied": "satisfied", "know_officer": "yes"}
BAD = {"feel_safe": "unsafe", "satisfied": "so_so", "know_officer": "no"}


@pytest.fixture
def addresses(county) -> int:  # type: ignore[no-untyped-def]
    """Ten houses in each place, and a shop."""
    rows = []
    for place in Place.objects.filter(deployment=county):
        for number in range(11):
            kind = "shop" if number == 10 else "house"
            rows.append(
                Address(
                    code=f"{place.code}-{number:02d}",
                    text=f"{place.name}和平路{number}号",
                    kind=kind,
                    place_code=place.code,
                    longitude=place.longitude,
                    latitude=place.latitude,
                    synthetic=True,
                )
            )
    return keep_addresses(rows)


@pytest.fixture
def questionnaire(actor, now):  # type: ignore[no-untyped-def]
    """The shipped one, taken in by the planner."""
    keep = KeepQuestionnaire(title="安全感问卷", file_name="linli-survey.xlsx", content=template())
    return perform(keep, actor("guihua"), now)


@pytest.fixture
def planning(questionnaire, addresses):  # type: ignore[no-untyped-def]
    """A plan for a wave."""

    def make(**more: object) -> PlanWave:
        given = {
            "code": "2026Q1", "title": "一季度调查", "questionnaire_id": questionnaire.pk, "layer": "station",
            "allocation": "equal", "wanted": 40, "each": None, "reserve_percent": 50, "kinds": ("house",),
            "opens_on": dt.date(2026, 3, 1), "closes_on": dt.date(2026, 3, 31), "seed": 7,
        }  # fmt: skip
        return PlanWave(**{**given, **more})  # type: ignore[arg-type]

    return make


@pytest.fixture
def wave(planning, actor, now):  # type: ignore[no-untyped-def]
    """Forty addresses drawn by station."""
    return perform(planning(), actor("guihua"), now)
