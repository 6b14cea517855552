"""What every test of the platform begins with: a database of its own run, copied from a template."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from databases import Databases, Templates
from standing import kind_for

pytest_plugins = ["slowest"]

# The commands that tests start read what an earlier one compiled: where nothing may be kept, half of a
# command's processor time goes into compiling the same modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# No test asserts a time: a busy machine finds the same counterexamples as a free one.
# A red line is of the change: each run draws the same examples; LINLI_EXPLORE draws new ones.
hypothesis_settings.register_profile(
    "linli",
    deadline=None,
    derandomize="LINLI_EXPLORE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("linli")

PATIENCE = 5.0
LIKE_A_SERVER = {"transactional_db", "live_server"}


def use(database: str) -> None:
    """Make this process work on another database: a file, or a name on the same server."""
    connection.close()
    connection.settings_dict["NAME"] = django_settings.DATABASES["default"]["NAME"] = database


def migrate(database: str) -> None:
    use(database)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


@pytest.fixture(scope="session", autouse=True)
def _own_places_for_opening_files() -> Iterator[None]:
    """Test runs on one machine do not wait for each other's files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("linli.privacy.apart._folder", lambda: None)
        yield


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> None:
    """No test speaks the language of the last page that another one looked at."""
    translation.deactivate()


@pytest.fixture(scope="session")
def templates(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The migrated, empty database that all others are copies of."""
    cache = getattr(pytestconfig, "cache", None)
    folder = cache.mkdir("databases") if cache else tmp_path_factory.mktemp("databases")
    url = os.environ.get("DATABASE_URL", "")
    return Templates(Path(folder), url if url.startswith("postgres") else "", migrate)


@pytest.fixture(scope="session")
def databases(
    django_test_environment: None,
    templates: Templates,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Databases]:
    """The databases of this process, in which the county and its cast need not be made for each test."""
    from web.county import as_in_tests

    made = Databases(
        templates,
        tmp_path_factory.mktemp("database"),
        f"{worker_id}_{os.getpid()}",
        use=use,
        around=as_in_tests,
    )
    yield made
    with django_db_blocker.unblock():
        made.close()


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: DjangoDbBlocker) -> None:
    """Give this process a database of its own; pytest-django's would be migrated in each process."""
    with django_db_blocker.unblock():
        databases.take("")


@pytest.fixture
def _database_of_the_test(
    request: pytest.FixtureRequest,
    databases: Databases,
    django_db_blocker: DjangoDbBlocker,
    tmp_path: Path,
) -> None:
    """Choose the database in which what the test asks for is there already.

    What is written for good, for a server's threads to see, goes into a copy: no table has to be emptied.
    """
    kind = kind_for(request.path.as_posix(), request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    asked = LIKE_A_SERVER.intersection(request.fixturenames)
    lasting = bool(asked or (marker and marker.kwargs.get("transaction")))
    with django_db_blocker.unblock():
        files = databases.take(kind, spoil=lasting)
    if files.exists():
        shutil.copytree(files, tmp_path / "files")


@pytest.fixture
def _django_db_helper(_database_of_the_test: None, _django_db_helper: None) -> Iterator[None]:
    """As pytest-django's, in the database of the test; a server's threads are done with it at the end."""
    yield
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def _no_table_is_emptied() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
        yield
