"""A small made-up county with the fixed cast in it; each process of a run makes it once."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings

from linli.io.deployment import deployment_text
from linli.web.demonstration import fill
from linli.web.demonstration.cast import make_cast, stage_of
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import User
from linli.web.foundation.casework.types.register import set_retired
from linli.web.foundation.casework.types.versions import Kept
from linli.web.foundation.casework.types.versions import forget as forget_versions
from linli.web.foundation.places.importing import organise, store
from linli.web.foundation.places.locating import map_of
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


def demonstration() -> None:
    """Every part of the demonstration, on the synthetic plan."""
    with TemporaryDirectory() as folder:
        plan = Path(folder) / "deployment.json"
        plan.write_text(deployment_text(synthetic_plan()[0]), encoding="utf-8")
        fill.load(plan.parent, NOW)


def forget() -> None:
    """Forget what a process remembers of a database, which belongs to another one now."""
    map_of.cache_clear()
    set_retired({})
    forget_versions()
    # What a process asks once, before its first page, is not asked by whichever test comes first.
    Kept.done = True


@contextmanager
def as_in_tests(files: Path) -> Iterator[None]:
    """Settings and clock for what is made before a test begins."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        quick = {"PASSWORD_HASHERS": QUICK, "MEDIA_ROOT": files, "AUDIT_HEADS": files.with_suffix(".heads")}
        with override_settings(**quick, DEMO=True):
            forget()
            yield
            forget()
