"""What every test of the platform begins with: a database of its own run, copied from a template."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from databases import Templates

pytest_plugins = ["slowest"]


def use(database: str) -> None:
    """Make this process work on another database: a file, or a name on the same server."""
    connection.close()
    connection.settings_dict["NAME"] = django_settings.DATABASES["default"]["NAME"] = database


def migrate(database: str) -> None:
    use(database)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


@pytest.fixture(scope="session")
def templates(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The migrated, empty database that all others are copies of."""
    cache = getattr(pytestconfig, "cache", None)
    folder = cache.mkdir("databases") if cache else tmp_path_factory.mktemp("databases")
    url = os.environ.get("DATABASE_URL", "")
    return Templates(Path(folder), url if url.startswith("postgres") else "", migrate)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    templates: Templates,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[None]:
    """Give this process a database of its own; two of them in one break each other."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            file = tmp_path_factory.mktemp("database") / "linli.db"
            templates.copy_file(file)
            use(str(file))
            yield
            return
        name = f"test_linli_{worker_id}_{os.getpid()}"
        templates.copy_database(name)
        use(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        templates.drop_database(name)
