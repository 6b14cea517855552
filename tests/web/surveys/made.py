"""A survey at each of its stages, made where it is not there yet."""

import datetime as dt

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.models import Address, Place
from linli.web.ops.surveys.actions.planning import KeepQuestionnaire, PlanWave
from linli.web.ops.surveys.models import Questionnaire, Wave
from linli.web.ops.surveys.shipped import template
from web.county import NOW, county_in_force


def planner() -> Actor:
    return actor_of(User.objects.get(username="guihua"), NOW)


def made_addresses() -> int:
    """Ten houses in each place, and a shop."""
    there = Address.objects.count()
    if there:
        return there
    rows = []
    for place in Place.objects.filter(deployment=county_in_force()):
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


def made_questionnaire() -> Questionnaire:
    """The shipped one, taken in by the planner."""
    keep = KeepQuestionnaire(title="安全感问卷", file_name="linli-survey.xlsx", content=template())
    return Questionnaire.objects.first() or perform(keep, planner(), NOW)


def plan_of(questionnaire: Questionnaire, **more: object) -> PlanWave:
    """A plan for a wave, with whatever a test wants otherwise."""
    given = {
        "code": "2026Q1", "title": "一季度调查", "questionnaire_id": questionnaire.pk, "layer": "station",
        "allocation": "equal", "wanted": 40, "each": None, "reserve_percent": 50, "kinds": ("house",),
        "opens_on": dt.date(2026, 3, 1), "closes_on": dt.date(2026, 3, 31), "seed": 7,
    }  # fmt: skip
    return PlanWave(**{**given, **more})  # type: ignore[arg-type]


def made_wave() -> Wave:
    """Forty addresses drawn by station."""
    return Wave.objects.first() or perform(plan_of(made_questionnaire()), planner(), NOW)
