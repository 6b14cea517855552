"""The same expressions on Spark give the same tables, cell by cell."""

import shutil
import warnings

import pandas as pd
import pytest

from linli.assessment.indicators import Definition, Results, compute, period
from linli.io.facts import Dataset, duckdb_tables, spark_tables
from linli.io.facts.engines import spark_session

PERIODS = [period("2026-03"), period("2026-Q1"), period("2026")]
KINDS = {"ratio", "rate", "count", "cumulative", "survey", "percentile"}


@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not on this machine: Spark cannot run")
def test_spark_and_duckdb_give_identical_tables(county: Dataset, definitions: list[Definition]) -> None:
    some = definitions[::2]
    with warnings.catch_warnings():
        # Those of Spark, Ibis and Arrow among themselves.
        warnings.simplefilter("ignore")
        session = spark_session()
        try:
            theirs = compute(some, spark_tables(county, session), PERIODS, facts=county.digest)
        finally:
            session.stop()
        ours = compute(some, duckdb_tables(county), PERIODS, facts=county.digest)
    assert {one.indicator.kind for one in some} == KINDS
    pd.testing.assert_frame_equal(ours.frame, theirs.frame, check_exact=True)
    assert isinstance(theirs, Results)
