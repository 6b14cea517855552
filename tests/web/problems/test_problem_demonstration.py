"""What the demonstration shows of problem places."""

import datetime as dt
import random

import pytest

from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.cast import Stage
from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.models import User
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Deployment
from linli.web.ops.problems.demonstration import fill

pytestmark = pytest.mark.django_db


def test_the_demonstration_shows_places_on_their_way(
    county: Deployment, stage: Stage, cast: dict[str, User], now: dt.datetime
) -> None:
    make_addresses(county, stage, random.Random(1))  # noqa: S311 - made-up data
    near = post_addresses(county, stage.post)
    fill(Scene(version=county, stage=stage, cast=cast, rng=random.Random(1), now=now, addresses=near))  # noqa: S311
    states = list(
        Case.objects.filter(case_type="problem_place").order_by("pk").values_list("state", flat=True)
    )
    assert states == ["in_progress", "surveyed", "found"]
