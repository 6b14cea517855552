"""The indicators of all shipped packs, and a synthetic county's results, worked out once for all tests."""

import warnings

import pytest

from assessment.synthetic_facts import synthetic_facts
from linli.assessment.indicators import Definition, Results, compute, pack_indicators, periods_between
from linli.io.facts import Dataset, duckdb_tables
from linli.policy.loading import load_pack, pack_folders, shipped_packs

PERIODS = periods_between("2026-01", "2026-12")


@pytest.fixture(scope="session")
def definitions() -> list[Definition]:
    """Every indicator of every pack."""
    folders = pack_folders(shipped_packs())
    return [one for folder in folders for one in pack_indicators(folder, load_pack(folder))]


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A small synthetic county."""
    return synthetic_facts(tmp_path_factory.mktemp("county") / "facts")


@pytest.fixture(scope="session")
def results(county: Dataset, definitions: list[Definition]) -> Results:
    """Everything for every period of a year."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compute(definitions, duckdb_tables(county), PERIODS, facts=county.digest)
