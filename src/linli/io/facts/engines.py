"""The engines that query facts: DuckDB on one machine, Spark on a cluster. Both think in UTC.

Indicators are Ibis expressions over the tables that these functions hand out; they do not know which
engine runs them. Only files that the manifest lists are read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from linli.assessment.facts.schema import arrow_schema, fact_tables
from linli.io.facts.dataset import Dataset

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

__all__ = ["duckdb_session", "duckdb_tables", "spark_session", "spark_tables"]


def duckdb_session(
    *, memory: str = "4GB", threads: int | None = None, spill: Path | None = None
) -> "Backend":
    """An embedded engine of its own, in UTC, within a bound of memory; what is more goes to ``spill``."""
    session = ibis.duckdb.connect()
    session.raw_sql("SET TimeZone = 'UTC'")
    session.raw_sql(f"SET memory_limit = '{memory}'")
    session.raw_sql("SET preserve_insertion_order = false")
    if threads is not None:
        session.raw_sql(f"SET threads = {int(threads)}")
    if spill is not None:
        session.raw_sql("SET temp_directory = '{}'".format(str(spill).replace("'", "''")))
    return session


def duckdb_tables(
    dataset: Dataset, *, memory: str = "4GB", threads: int | None = None, spill: Path | None = None
) -> Mapping[str, ir.Table]:
    """All tables of a dataset in a DuckDB session of their own; a table without rows is there, empty."""
    session = duckdb_session(memory=memory, threads=threads, spill=spill)
    return {name: _duckdb_table(session, dataset, name) for name in fact_tables()}


def _duckdb_table(session: "Backend", dataset: Dataset, table: str) -> ir.Table:
    paths = dataset.paths(table)
    if paths:
        return session.read_parquet([str(path) for path in paths], table_name=table)
    session.con.register(table, arrow_schema(table).empty_table())
    return session.table(table)


def spark_session(*, cores: int = 2) -> Any:
    """A local Spark session in UTC. Needs Java 17.

    Raises
    ------
    ImportError
        PySpark is not installed: it is no part of Linli's own requirements.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{cores}]").appName("linli-assessment")
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(cores),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def spark_tables(dataset: Dataset, session: Any) -> Mapping[str, ir.Table]:
    """All tables of a dataset in a Spark session; a table without rows is there, empty."""
    backend = ibis.pyspark.connect(session)
    return {name: _spark_table(backend, session, dataset, name) for name in fact_tables()}


def _spark_table(backend: Any, session: Any, dataset: Dataset, table: str) -> ir.Table:
    from pyspark.sql.pandas.types import from_arrow_schema

    paths = dataset.paths(table)
    if paths:
        frame = session.read.parquet(*(str(path) for path in paths))
    else:
        frame = session.createDataFrame([], from_arrow_schema(arrow_schema(table)))
    frame.createOrReplaceTempView(table)
    found: ir.Table = backend.table(table)
    return found
