"""The demonstration of premises: as many as promised, in every state, and the same each time."""

import random

import pytest

from linli.web.demonstration.scene import Scene
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Address, Deployment
from linli.web.ops.premises.demonstration import fill
from linli.web.ops.premises.models import Draw, Premises

from .conftest import Works

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_premises_and_inspections_in_every_state(
    works: Works, county: Deployment
) -> None:
    place = works.stage.place
    address = Address.objects.create(
        code="A1",
        text="合成路 1 号",
        place_code=place.code,
        longitude=place.longitude,
        latitude=place.latitude,
    )
    scene = Scene(
        version=county, stage=works.stage, cast=works.cast, rng=random.Random(1),  # noqa: S311
        now=works.now, addresses=[address]
    )  # fmt: skip
    fill(scene)
    assert Premises.objects.count() >= 25
    assert Premises.objects.filter(kind="courtyard").count() == 3
    states = set(Case.objects.filter(case_type="inspection").values_list("state", flat=True))
    assert states == {"planned", "on_site", "rectifying", "recheck", "closed"}
    assert Draw.objects.count() == 1
    assert list(verify()) == []
