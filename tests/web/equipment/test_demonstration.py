"""The demonstration has equipment that is issued, installed, kept and counted."""

import datetime as dt
from random import Random

import pytest

from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.cast import Stage, make_cast
from linli.web.demonstration.scene import Scene
from linli.web.foundation.places.models import Deployment
from linli.web.ops.equipment.demonstration import INSTALLED, ISSUED, fill
from linli.web.ops.equipment.models import Device, Issue, Maintenance, Use

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_equipment_of_every_kind(
    county: Deployment, stage: Stage, now: dt.datetime
) -> None:
    cast = make_cast(stage, now.date() - dt.timedelta(days=60), password=None)
    rng = Random(1)  # noqa: S311 - made-up addresses
    make_addresses(county, stage, rng)
    addresses = post_addresses(county, stage.post)
    fill(Scene(version=county, stage=stage, cast=cast, rng=rng, now=now, addresses=addresses))
    assert Device.objects.count() == len(ISSUED) + len(INSTALLED)
    assert Issue.objects.filter(returned_at=None).count() == sum(bool(role) for *_, role in ISSUED)
    assert Maintenance.objects.exists()
    assert Use.objects.exists()
