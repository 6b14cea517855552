"""The demonstration's requests: every state, late and reopened ones among them."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from linli.web.demonstration.addresses import make_addresses, post_addresses
from linli.web.demonstration.cast import Stage
from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.models import User
from linli.web.foundation.casework.models import Case, Feedback
from linli.web.foundation.places.models import Deployment
from linli.web.intake.models import Entry, Track
from linli.web.ops.requests.demonstration import fill

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hour", [2, 14, 20])
def test_the_demonstration_shows_requests_in_every_state(
    county: Deployment, stage: Stage, cast: dict[str, User], now: dt.datetime, hour: int
) -> None:
    rng, at = random.Random(1), now.replace(hour=hour)  # noqa: S311 - made-up data
    make_addresses(county, stage, rng)
    near = post_addresses(county, stage.post)
    fill(Scene(version=county, stage=stage, cast=cast, rng=rng, now=at, addresses=near))
    assert Case.objects.count() == 22
    states = set(Case.objects.values_list("state", flat=True))
    assert states == {"received", "accepted", "reported", "handling", "waiting", "resolved", "closed"}
    assert Feedback.objects.filter(reopened=True).exists()
    assert Case.objects.filter(closed_at__isnull=True, due_at__lt=at).count() >= 2
    assert Case.objects.filter(merged_into__isnull=False).count() == 1
    assert not Entry.objects.filter(state="queued").exists()
    assert Track.objects.count() == 22
    assert not Case.objects.filter(opened_at__gt=timezone.now()).exists()
    assert set(Case.objects.values_list("station_code", flat=True)) == {stage.station.station_code}
