"""All services of an installation wait for one place to open files, whatever folder each has for its own."""

from pathlib import Path

import pytest
from django.conf import settings

from linli.privacy import apart

# Taken before the run gives each process places of its own.
FOLDER = apart._folder


# Guard 9
def test_services_with_a_private_tmp_each_share_the_places_of_their_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setattr(apart, "_kept_in", data)
    found = set()
    for service in ("web", "worker-1", "worker-2"):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / service))
        (tmp_path / service).mkdir()
        found.add(FOLDER())
    assert len(found) == 1
    (only,) = found
    assert only is not None
    assert only.parent == data
    assert only.stat().st_mode & 0o777 == 0o700


# Guard 9
def test_without_a_data_folder_the_places_are_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_kept_in", tmp_path / "not there")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = FOLDER()
    assert folder is not None
    assert folder.parent == tmp_path


# Guard 9
def test_the_platform_names_its_data_folder() -> None:
    assert apart._kept_in == settings.DATA_DIR
