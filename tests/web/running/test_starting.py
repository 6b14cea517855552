"""A process starts with what every page needs; what is heavy is loaded when it is first used."""

import pytest

from web.running.installation import Installation

pytestmark = pytest.mark.any_database

HEAVY = (
    "duckdb",
    "ibis",
    "matplotlib",
    "numba",
    "pandas",
    "pyogrio",
    "pyspark",
    "pyxform",
    "scipy",
    "weasyprint",
    "xlsxwriter",
)
LOADED = """
import sys
from django.urls import get_resolver
from linli.web.wsgi import application

assert get_resolver().url_patterns
print(" ".join(sys.modules))
"""


def test_a_process_starts_without_what_few_pages_use(installation: Installation) -> None:
    loaded = set(installation.python(LOADED).split())
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


def test_a_command_that_has_ended_leaves_the_whole_database_in_one_file(installation: Installation) -> None:
    if not installation.is_sqlite:
        pytest.skip("a server keeps its own files")
    installation.linli("platform", "user", "add", "zhang.san", "--name", "张三")
    assert sorted(path.name for path in installation.folder.glob("linli.db*")) == ["linli.db"]
