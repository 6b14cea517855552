"""A second plan of the same county, as ``linli plan`` would write it, and whoever approves it."""

import datetime as dt
import json

import pytest
from shapely.geometry import box, mapping

from linli.io.deployment import deployment_text
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.selectors import actor_of
from report.synthetic import synthetic_plan


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def other_plan() -> str:
    """The county's plan with two places of the first beat moved into the second."""
    return deployment_text(synthetic_plan(shift=2)[0])


@pytest.fixture
def outlines() -> bytes:
    """A square for each beat."""
    beats = synthetic_plan(shift=2)[0].beats
    features = [
        {
            "type": "Feature",
            "properties": {"id": str(beat.id), "name": beat.name.zh},
            "geometry": mapping(box(100 + n, 20, 100.5 + n, 20.5)),
        }
        for n, beat in enumerate(beats)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def second_planner(cast: dict[str, User], stage: Stage, now: dt.datetime) -> Actor:
    """Another planner of the county."""
    user = User.objects.create_user("guihua2", None, display_name="规划员 许")
    Grant.objects.create(user=user, role="planner", organisation=stage.bureau, starts=dt.date(2026, 1, 1))
    cast["guihua2"] = user
    return actor_of(user, now)
