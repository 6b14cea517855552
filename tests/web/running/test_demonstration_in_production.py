"""A database that was filled by the demonstration is served by no production server, however started."""

import datetime as dt
import sys
from pathlib import Path

import pytest

from web.running.installation import PATIENCE, Installation, free_port

PRODUCTION = {"LINLI_PRODUCTION": "1", "LINLI_SECRET_KEY": "k" * 60, "LINLI_HOSTS": "linli.example"}
GUNICORN = str(Path(sys.executable).parent / "gunicorn")
SENTENCE = "does not use it"


def _fill(installation: Installation) -> None:
    installation.tell(
        "INSERT INTO demonstration_filled (app, at) VALUES (?, ?)",
        "cast",
        dt.datetime.now(dt.UTC).isoformat(),
    )


# Guard 8
@pytest.mark.postgresql_alone
def test_a_production_server_or_worker_refuses_the_database_of_a_demonstration(
    installation: Installation,
) -> None:
    _fill(installation)
    bind = ("--bind", f"127.0.0.1:{free_port()}")
    for preload in ((), ("--preload",)):
        arguments = (GUNICORN, "--workers", "2", *preload, *bind, "linli.web.wsgi:application")
        web = installation.start(*arguments, log="web", **PRODUCTION)
        assert web.wait(timeout=PATIENCE) != 0
    assert installation.said("web").count(SENTENCE) >= 2
    assert SENTENCE in installation.linli("--language", "en", "worker", code=2, **PRODUCTION)
    checked = installation.linli("platform", "check", code=2, **PRODUCTION)
    assert "linli.E001" in checked


# Guard 8
def test_a_production_server_is_no_demonstration(installation: Installation) -> None:
    said = installation.linli("worker", code=2, LINLI_DEMO="1", **PRODUCTION)
    assert "LINLI_DEMO=1" in said
    assert "LINLI_PRODUCTION=1" in said
