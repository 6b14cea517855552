"""Installations with real processes: what happens when they are killed, cut off or starved."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from databases import Templates
from linli.io.deployment import deployment_text
from report.synthetic import synthetic_plan
from web.running.archives import WORK
from web.running.installation import Installation, Kitchen


@pytest.fixture(scope="session")
def plan_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``linli plan`` would write for the synthetic county."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "deployment.json").write_text(deployment_text(synthetic_plan()[0]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def kitchen(
    tmp_path_factory: pytest.TempPathFactory,
    templates: Templates,
    plan_folder: Path,
    django_db_setup: None,
) -> Iterator[Kitchen]:
    base = tmp_path_factory.getbasetemp()
    # Processes of one run share what is slow to make.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installations"
    made = Kitchen(folder, templates, plan_folder)
    yield made
    made.close()


@pytest.fixture
def installation(kitchen: Kitchen) -> Iterator[Installation]:
    """An installation with nothing but tables in it."""
    made = kitchen.make()
    yield made
    kitchen.throw_away(made)


@pytest.fixture
def county_at_work(kitchen: Kitchen) -> Iterator[Installation]:
    """An installation whose deployment is in force."""
    made = kitchen.make("county")
    yield made
    kitchen.throw_away(made)


@pytest.fixture
def demonstration(kitchen: Kitchen) -> Iterator[Installation]:
    """An installation with the whole demonstration in it."""
    made = kitchen.make("demo")
    yield made
    kitchen.throw_away(made)


@pytest.fixture
def whatever_the_database() -> None:
    """For what does not depend on the database: once is enough."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("run on SQLite: it does not depend on the database")


@pytest.fixture
def staffed(kitchen: Kitchen) -> Iterator[Installation]:
    """An installation with the fixed cast, two of whom can sign in: ``minjing`` and ``fujing``."""
    made = kitchen.make("staff")
    yield made
    kitchen.throw_away(made)


@pytest.fixture(scope="session")
def kept(kitchen: Kitchen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an installation with one case and one attached file."""
    source = kitchen.make("county")
    source.python(WORK)
    archive = tmp_path_factory.mktemp("backup") / "kept.tar.gz"
    source.linli("backup", str(archive))
    (archive.parent / "secret.key").write_bytes((source.folder / "secret.key").read_bytes())
    kitchen.throw_away(source)
    return archive


@pytest.fixture
def refused(kept: Path, tmp_path: Path, settings, db):  # type: ignore[no-untyped-def]
    """Restore here, in this process, which must refuse and leave everything as it is."""
    from django.utils import timezone

    from linli.kernel.errors import LinliError
    from linli.web.foundation.accounts.actor import SYSTEM
    from linli.web.foundation.operations.backup.restoring import restore_backup

    settings.DATA_DIR = tmp_path
    settings.AUDIT_KEY = f"audit:{(kept.parent / 'secret.key').read_text()}"

    def refuse(archive: Path) -> str:
        with pytest.raises(LinliError) as told:
            restore_backup(archive, SYSTEM, timezone.now(), replace=True)
        assert not list(tmp_path.glob(".restore-*"))
        return told.value.text.en

    return refuse
