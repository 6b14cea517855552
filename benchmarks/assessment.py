"""Indicators from synthetic facts: time and peak memory at 1, 2, 10 and, if asked, 100 million rows.

    .venv/bin/python benchmarks/assessment.py [--most 10] [--facts FOLDER] [--spark]

60 indicators of the shipped packs, 12 months with quarters and the year, 200 posts and beats, 17 stations.
Each measurement is a process of its own. The limit is measured in the same run: one plain DuckDB query that
reads every column the indicators read, for each table once, and adds nothing up by area or month. `--spark`
works the smallest size out on Spark too and compares the tables cell by cell. Exit code 1 where 2 million
rows take more than 30 s, 100 million need more than 4 GB, or the tables differ.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assessment_facts import write_facts
from linli.assessment.indicators import Definition, Results, compute, pack_indicators, periods_between
from linli.io.facts import duckdb_tables, open_dataset, spark_tables
from linli.io.facts.engines import duckdb_session, spark_session
from linli.io.facts.manifest import read_manifest
from linli.io.facts.results import write_evidence
from linli.policy.loading import load_pack, pack_folders, shipped_packs

MILLION = 1_000_000
SIZES = (1, 2, 10, 100)
MEMORY = "2500MB"
MOST_SECONDS, MOST_GIGABYTES = 30.0, 4.0
INDICATORS = 60
PERIODS = periods_between("2026-01", "2026-12")


def definitions() -> list[Definition]:
    """Sixty indicators: each pack in turn gives one, until there are enough."""
    packs = [list(pack_indicators(folder, load_pack(folder))) for folder in pack_folders(shipped_packs())]
    found = {}
    while len(found) < INDICATORS:
        for pack in packs:
            if pack and len(found) < INDICATORS:
                one = pack.pop(0)
                found[one.indicator.id] = one
    return list(found.values())


def worked_out(facts: Path, spill: Path) -> Results:
    """The sixty indicators on DuckDB."""
    dataset = open_dataset(facts)
    return compute(
        definitions(), duckdb_tables(dataset, memory=MEMORY, spill=spill), PERIODS, facts=dataset.digest
    )


def run(what: str, facts: Path, spill: Path) -> dict[str, Any]:
    """One measurement, in this process."""
    started = time.perf_counter()
    told: dict[str, Any] = {}
    if what == "scan":
        scan(facts, spill)
    elif what == "compute":
        told["results"] = len(worked_out(facts, spill))
    else:
        dataset = open_dataset(facts)
        tables = duckdb_tables(dataset, memory=MEMORY, spill=spill)
        results = compute(definitions(), tables, PERIODS, facts=dataset.digest)
        write_evidence(results, tables, PERIODS, spill)
        told["evidence_mb"] = sum(p.stat().st_size for p in (spill / "evidence").iterdir()) / MILLION
    told["seconds"] = time.perf_counter() - started
    told["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    return told


def scan(facts: Path, spill: Path) -> None:
    """Read every column that the indicators read, once."""
    dataset = open_dataset(facts)
    session = duckdb_session(memory=MEMORY, spill=spill)
    by_source: dict[str, set[str]] = {}
    for one in definitions():
        columns = {"station", "beat", "month", *one.columns}
        by_source.setdefault(one.indicator.source, set()).update(columns)
    for source, columns in by_source.items():
        paths = ", ".join(f"'{path}'" for path in dataset.paths(source))
        counts = ", ".join(f'max("{column}")' for column in sorted(columns))
        session.raw_sql(f"SELECT {counts} FROM read_parquet([{paths}])").fetchall()


def measured(what: str, facts: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    with tempfile.TemporaryDirectory() as spill:
        command = [sys.executable, __file__, "--run", what, "--facts", str(facts), "--spill", spill]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found


def spark_differs(facts: Path) -> int:
    """How many cells of the results differ between DuckDB and Spark."""
    import pandas as pd

    dataset = open_dataset(facts)
    with tempfile.TemporaryDirectory() as spill:
        ours = worked_out(facts, Path(spill)).frame
    session = spark_session()
    started = time.perf_counter()
    theirs = compute(definitions(), spark_tables(dataset, session), PERIODS, facts=dataset.digest).frame
    print(f"Spark, local: {time.perf_counter() - started:.1f} s after its start")
    session.stop()
    same = (ours == theirs) | (ours.isna() & theirs.isna())
    pd.testing.assert_index_equal(ours.columns, theirs.columns)
    return int((~same).to_numpy().sum())


def main() -> int:
    """The table on standard output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=10, help="millions of rows at most")
    parser.add_argument("--facts", type=Path, default=Path(tempfile.gettempdir()) / "linli-synthetic-facts")
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--spill", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run, given.facts, given.spill)))
        return 0
    print("| synthetic rows | plain scan | indicators | × scan | peak memory | with evidence | evidence |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    failed = [size for size in SIZES if size <= given.most and not _line(given.facts / f"{size}m", size)]
    if given.spark:
        different = spark_differs(given.facts / f"{SIZES[0]}m")
        print(f"Cells that differ between DuckDB and Spark: {different}")
        failed += [0] if different else []
    return 1 if failed else 0


def _line(facts: Path, size: int) -> bool:
    if read_manifest(facts) is None if facts.is_dir() else True:
        write_facts(facts, size * MILLION)
    plain, ours, kept = (measured(what, facts) for what in ("scan", "compute", "evidence"))
    ratio = ours["seconds"] / plain["seconds"]
    print(
        f"| {size} million | {plain['seconds']:.1f} s | {ours['seconds']:.1f} s | {ratio:.1f} |"
        f" {ours['gigabytes']:.2f} GB | {kept['seconds']:.1f} s, {kept['gigabytes']:.2f} GB |"
        f" {kept['evidence_mb']:.0f} MB |",
        flush=True,
    )
    slow = size == 2 and ours["seconds"] > MOST_SECONDS
    return not slow and max(ours["gigabytes"], kept["gigabytes"]) <= MOST_GIGABYTES


if __name__ == "__main__":
    sys.exit(main())
