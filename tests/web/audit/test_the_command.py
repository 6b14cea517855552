"""``linli audit``: the log is verified, and its heads are a witness against setting the whole of it back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.main import linli
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.casework.actions.opening import OpenCase

pytestmark = pytest.mark.django_db


def ask(*words: str) -> Result:
    return CliRunner().invoke(linli, ["--language", "en", "audit", *words])


@pytest.fixture
def opened(actor: Callable[[str], Actor], now: dt.datetime) -> None:
    perform(OpenCase(kind="request", category="other", title="一件事"), actor("minjing"), now)


def test_a_whole_log_is_said_to_be_whole(opened: None) -> None:
    assert ask("verify").exit_code == 0


def test_a_log_set_back_as_a_whole_is_found_by_its_witness(opened: None, tmp_path: Path) -> None:
    file = tmp_path / "heads.json"
    assert ask("heads", str(file)).exit_code == 0
    assert ask("verify", "--witness", str(file)).exit_code == 0
    Entry.objects.all().delete()
    Lane.objects.all().delete()
    told = ask("verify", "--witness", str(file))
    assert told.exit_code == 1
    assert "set back" in told.output


@pytest.mark.parametrize("content", ["", "[]x", '[{"lane": 1}]', '{"lane": 1}'])
def test_a_file_that_is_no_witness_is_refused(opened: None, tmp_path: Path, content: str) -> None:
    file = tmp_path / "heads.json"
    file.write_text(content, encoding="utf-8")
    assert ask("verify", "--witness", str(file)).exit_code == 2
