"""A county with made-up facts, and one period that was computed from them."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.places.models import Deployment
from linli.web.workbench.assessment.actions.consequences import Propose
from linli.web.workbench.assessment.actions.periods import (
    ApproveStation,
    LockVersion,
    OpenPeriod,
    OrderVersion,
)
from linli.web.workbench.assessment.computing import compute_version
from linli.web.workbench.assessment.keeping import facts_folder
from linli.web.workbench.assessment.models import Period, Version
from linli.web.workbench.assessment.selectors import stations_of
from linli.web.workbench.assessment.synthetic import write_synthetic

pytestmark = pytest.mark.django_db

PACK = "nanlu-2012"
MONTH = "2026-02"


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def period(county: Deployment, actor: Callable[[str], Actor], now: dt.datetime) -> Period:
    """February, open, with facts to compute it from."""
    write_synthetic(facts_folder(), county, dt.date(2026, 2, 1))
    return perform(OpenPeriod(pack=PACK, month=MONTH), actor("guihua"), now)


@pytest.fixture
def computed(period: Period, actor: Callable[[str], Actor], now: dt.datetime) -> Version:
    """Its first version."""
    version = perform(OrderVersion(period_id=period.pk), actor("guihua"), now)
    return compute_version(version.pk, now)


@pytest.fixture
def approve(actor: Callable[[str], Actor], now: dt.datetime, cast: object) -> Callable[[Version], Version]:
    """Approves a version for every station; for the third one the county has no chief in the cast."""

    def act(version: Version) -> Version:
        from linli.web.foundation.accounts.models import Grant, Organisation, User
        from linli.web.foundation.accounts.selectors import actor_of

        for station in stations_of(version):
            organisation = Organisation.objects.get(code=f"station:{station}")
            grant = Grant.objects.filter(role="chief", organisation=organisation).first()
            if grant is None:
                user = User.objects.create_user(f"suo-{station}"[:60], None, display_name="所长")
                grant = Grant.objects.create(
                    user=user, role="chief", organisation=organisation, starts=dt.date(2026, 1, 1)
                )
            perform(ApproveStation(version_id=version.pk, station=station), actor_of(grant.user, now), now)
        version.refresh_from_db()
        return version

    return act


@pytest.fixture
def locked(
    computed: Version, approve: Callable[[Version], Version], actor: Callable[[str], Actor], now: dt.datetime
) -> Version:
    """Its first version, approved by every station and locked by the county."""
    return perform(LockVersion(version_id=approve(computed).pk), actor("guihua"), now)


@pytest.fixture
def proposed(locked: Version, actor: Callable[[str], Actor], now: dt.datetime) -> Version:
    """Its consequences are put before those assessed."""
    return perform(Propose(version_id=locked.pk), actor("guihua"), now)


OTHERS_WARN = (
    "ignore:fetch_arrow_table:DeprecationWarning",
    "ignore:The 'future.infer_string':DeprecationWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ibis 12 still calls what DuckDB 2 and pandas 3 are going to take away."""
    for item in items:
        if "web/assessment" in item.path.as_posix():
            for one in OTHERS_WARN:
                item.add_marker(pytest.mark.filterwarnings(one))
