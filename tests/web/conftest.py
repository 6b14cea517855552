"""A small made-up county with the fixed cast in it, for every test of the platform.

``DATABASE_URL`` chooses the database; ``make test`` runs everything in here on SQLite and on PostgreSQL.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from linli.web.demonstration.cast import CAST, Stage, make_cast, stage_of
from linli.web.demonstration.models import Filled
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.pacing import forget_paces
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.casework.types.register import reload_types
from linli.web.foundation.places.models import Deployment
from web.county import NOW, PASSWORD, QUICK, SINCE, county_in_force, demonstration, forget


@pytest.fixture(autouse=True)
def _quick(settings, tmp_path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    settings.PASSWORD_HASHERS = QUICK
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.AUDIT_HEADS = tmp_path / "audit-heads.log"
    settings.DEMO = True
    # A walk through all pages is no person's hour, and counting it would be queries now and then.
    settings.REQUESTS_OF_ONE_ACCOUNT = 0
    forget_paces()
    # Rolled back numbers are given again: what is remembered of a version belongs to an earlier test.
    forget()
    folder = settings.CASE_TYPES_DIR
    yield
    if folder != settings.CASE_TYPES_DIR:
        reload_types()


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def county(db) -> Deployment:  # type: ignore[no-untyped-def]
    """A synthetic deployment in force."""
    return county_in_force()


@pytest.fixture
def demonstration_loaded(db) -> None:  # type: ignore[no-untyped-def]
    """The whole demonstration on the synthetic plan; its cast is not the tests'."""
    if not Filled.objects.exists():
        demonstration()


@pytest.fixture
def stage(county: Deployment) -> Stage:
    return stage_of(county)


@pytest.fixture
def cast(stage: Stage) -> dict[str, User]:
    """The fixed cast by user name; ``guihua`` is the planner, ``linsuo`` the officer of another station."""
    return make_cast(stage, SINCE, password=PASSWORD)


@pytest.fixture
def actor(cast: dict[str, User]) -> Callable[[str], Actor]:
    """The actor of a member of the cast, by user name."""
    return lambda username: actor_of(cast[username], NOW)


@pytest.fixture
def signed_in(cast: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which a member of the cast is signed in; it speaks Chinese."""

    def sign_in(username: str, language: str = "zh-hans") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(cast[username], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


ROLES = {member.role: member.username for member in CAST[::-1]}
"""One user name of the cast for each role; for an officer, the one of the own station."""
