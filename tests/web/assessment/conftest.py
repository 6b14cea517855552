"""A county with made-up facts, and one period that was computed from them."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.workbench.assessment.models import Period, Version
from web.assessment import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def period(cast: object) -> Period:
    """February, open, with facts to compute it from."""
    return made.made_period()


@pytest.fixture
def computed(period: Period) -> Version:
    """Its first version."""
    return made.made_computed()


@pytest.fixture
def approve(cast: object) -> Callable[[Version], Version]:
    """Approves a version for every station."""
    return made.approved


@pytest.fixture
def locked(computed: Version) -> Version:
    """Its first version, approved by every station and locked by the county."""
    return made.made_locked()


@pytest.fixture
def proposed(locked: Version) -> Version:
    """Its consequences are put before those assessed."""
    return made.made_proposed()


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
