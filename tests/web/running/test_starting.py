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
