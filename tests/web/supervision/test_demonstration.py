"""The demonstration has something of everything, made through actions."""

import random

import pytest

from linli.web.demonstration.scene import Scene
from linli.web.ops.supervision.demonstration import fill
from linli.web.ops.supervision.models import Check, Finding, Group, Round, Statement, YearPlan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_has_something_to_show(county, stage, cast, now, signed_in, language) -> None:
    scene = Scene(
        version=county,
        stage=stage,
        cast=cast,
        rng=random.Random(1),  # noqa: S311 - synthetic data
        now=now,
        addresses=[],
    )
    fill(scene)
    assert Round.objects.count() == 2
    assert Finding.objects.count() == 2
    assert Check.objects.filter(status="done").count() == 1
    assert Statement.objects.count() == 1
    assert (Group.objects.count(), YearPlan.objects.count()) == (2, 1)
    finding = Finding.objects.first()
    assert finding is not None
    pages = ["", "rounds/", "rooms/", "progress/", "groups/", f"checks/{finding.check_done_id}/"]
    for who in ("guihua", "shenji", "suozhang"):
        client = signed_in(who, language)
        for page in pages:
            expected = 403 if page == "rounds/" and who == "suozhang" else 200
            assert client.get(f"/supervision/{page}").status_code == expected, (who, page)
        assert client.get(f"/cases/{finding.case.number}/").status_code == 200
        assert client.get("/?cards").status_code == 200
