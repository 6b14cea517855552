"""A small made-up county with the fixed cast in it; each process of a run makes it once."""

import datetime as dt

from django.test import override_settings

from linli.io.deployment import deployment_text
from linli.web.demonstration.cast import make_cast, stage_of
from linli.web.foundation.accounts.models import User
from linli.web.foundation.places.importing import organise, store
from linli.web.foundation.places.models import Deployment
from report.synthetic import synthetic_plan

NOW = dt.datetime(2026, 3, 10, 2, 0, tzinfo=dt.UTC)
"""A Tuesday, 10:00 in Shanghai."""
PASSWORD = "correct horse battery staple"  # noqa: S105 - of made-up accounts
SINCE = dt.date(2026, 1, 1)
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def county_in_force() -> Deployment:
    """The synthetic deployment, made where it is not there yet."""
    found = Deployment.objects.first()
    if found is not None:
        return found
    plan, _ = synthetic_plan()
    version = store(deployment_text(plan), {}, by=None, at=NOW)
    version.status, version.valid_from = Deployment.Status.IN_FORCE, NOW.date()
    version.save()
    organise(version)
    return version


def cast_of_the_county() -> dict[str, User]:
    """The fixed cast by user name, made where it is not there yet."""
    return make_cast(stage_of(county_in_force()), SINCE, password=PASSWORD)


def fill() -> None:
    county_in_force()


def fill_cast() -> None:
    with override_settings(PASSWORD_HASHERS=QUICK):
        cast_of_the_county()
