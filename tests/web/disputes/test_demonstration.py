"""The demonstration has disputes at every stage, through the same actions as everybody's."""

import datetime as dt
from collections import Counter
from random import Random

import pytest

from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.cast import Stage, make_cast
from linli.web.demonstration.scene import Scene
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Deployment
from linli.web.ops.disputes.demonstration import STORIES, fill
from linli.web.ops.disputes.models import Agreement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [60, 200])
def test_the_demonstration_has_disputes_at_every_stage(
    county: Deployment, stage: Stage, now: dt.datetime, days: int
) -> None:
    cast = make_cast(stage, now.date() - dt.timedelta(days=days), password=None)
    rng = Random(1)  # noqa: S311 - made-up addresses
    make_addresses(county, stage, rng)
    scene = Scene(
        version=county, stage=stage, cast=cast, rng=rng, now=now,
        addresses=post_addresses(county, stage.post),
    )  # fmt: skip
    fill(scene)
    states = Counter(Case.objects.filter(case_type="dispute").values_list("state", flat=True))
    assert states == {
        "fulfilled": 3, "agreed": 1, "handed_over": 1, "mediating": 2, "accepted": 1, "found": 1,
    }  # fmt: skip
    assert Agreement.objects.filter(kept=True).count() == (days > 100)
    assert len(STORIES) == sum(states.values())
