"""Where facts, results and evidence lie: beside the uploaded files, so that a backup holds them too."""

from pathlib import Path

from django.conf import settings

__all__ = ["FACTS", "facts_folder", "version_folder"]

FACTS = "facts"


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "assessment"


def facts_folder() -> Path:
    """The dataset that is brought up to date before every computation; imported lists lie in it too."""
    return _root() / FACTS


def version_folder(version: int) -> Path:
    """``results.parquet`` (every month back) and ``evidence/<table>.parquet`` of one version."""
    return _root() / f"version-{version}"
