"""Installations with real processes: what happens when they are killed, cut off or starved."""

import os
from collections.abc import Iterator

import pytest

from linli.io.deployment import deployment_text
from report.synthetic import synthetic_plan
from web.running.installation import Installation, Kitchen


@pytest.fixture(scope="session")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kitchen]:
    url = os.environ.get("DATABASE_URL", "")
    made = Kitchen(tmp_path_factory.mktemp("installations"), url if url.startswith("postgres") else "")
    yield made
    made.throw_away(made.template)


@pytest.fixture
def installation(kitchen: Kitchen) -> Iterator[Installation]:
    """An installation with nothing but tables in it."""
    made = kitchen.make()
    yield made
    kitchen.throw_away(made)


@pytest.fixture(scope="session")
def plan_folder(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """What ``linli plan`` would write for the synthetic county."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "deployment.json").write_text(deployment_text(synthetic_plan()[0]), encoding="utf-8")
    return folder


@pytest.fixture
def county_at_work(installation: Installation, plan_folder) -> Installation:  # type: ignore[no-untyped-def]
    """An installation whose deployment is in force."""
    installation.linli("platform", "init", "--deployment", str(plan_folder))
    return installation
