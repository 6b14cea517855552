"""A version is computed: facts brought up to date, figures, evidence, proposals, what chance would do.

The work is done outside of any transaction; what comes of it is stored in one. Computing a version again
after it was stored changes nothing; a worker that dies leaves a version that waits.
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from linli import __version__
from linli.assessment.indicators import COLUMNS, Areas, Results, areas_of, compute, period, periods_between
from linli.assessment.indicators.periods import ReportPeriod
from linli.assessment.rules.model import Area as AreaKind
from linli.io.facts import Dataset, duckdb_tables, open_dataset
from linli.io.facts.results import write_evidence, write_run
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.facts.exporting import export_facts
from linli.web.workbench.assessment.actions.storing import FailVersion, Made, StoreVersion
from linli.web.workbench.assessment.drafting import draft
from linli.web.workbench.assessment.keeping import facts_folder, version_folder
from linli.web.workbench.assessment.luck import chance_of
from linli.web.workbench.assessment.models import Version
from linli.web.workbench.assessment.packs import assessed_by
from linli.web.workbench.assessment.telling import told_of

__all__ = ["compute_version"]

say = catalogue("linli.web.workbench.assessment")

MEMORY: Final = "2GB"
FACT_SOURCES: Final = ("cases", "duty_hours", "visits", "patrols", "inspections", "disputes", "surveys")


@dataclass(frozen=True)
class _Computed:
    """What came of the facts."""

    results: Results
    areas: Areas
    dataset: Dataset
    synthetic: bool


def compute_version(version_id: int, at: dt.datetime, *, key: str = "") -> Version:
    """Compute a version that waits; what goes wrong is written down with it.

    Raises
    ------
    LinliError
        Somebody else stored it meanwhile.
    """
    version = Version.objects.select_related("period").get(pk=version_id)
    if version.status != Version.Status.WAITING:
        return version
    try:
        made = _make(version, at)
    except LinliError as refusal:
        return perform(FailVersion(version_id=version_id, why=refusal.text), SYSTEM, at, key=key)
    return perform(StoreVersion(version_id=version_id, made=made), SYSTEM, at, key=key)


def _make(version: Version, at: dt.datetime) -> Made:
    assessed, month = assessed_by(version.period.pack), period(version.period.month)
    first = month.january - 12
    months = periods_between(f"{first // 12}-{first % 12 + 1:02}", month.token)
    export_facts(facts_folder(), at)
    dataset = open_dataset(facts_folder())
    tables = duckdb_tables(dataset, memory=MEMORY)
    results = compute(assessed.definitions, tables, months, facts=dataset.digest)
    areas = areas_of(tables)
    with _fresh(version_folder(version.pk)) as folder:
        _write_results(results, folder)
        write_run(results, write_evidence(results, tables, months, folder), folder)
    found = _Computed(results, areas, dataset, _synthetic(tables))
    residents = _residents(areas, month)
    drafted = draft(assessed, results, residents["beat"] | residents["station"], month)
    tokens = tuple(str(one) for one in months if one.length == "month")
    return Made(
        figures=_figures(found.results, month),
        areas=tuple(_areas(areas, month)),
        told=told_of(assessed, tokens, list(drafted.notes)),
        chance=chance_of(assessed, results, residents, month),
        drafts=drafted.drafts,
        facts=dataset.digest,
        linli=__version__,
        synthetic=found.synthetic,
    )


class _fresh:  # noqa: N801 - used as a function
    """A folder that appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.unfinished = folder, folder.with_name(f".{folder.name}.unfinished")

    def __enter__(self) -> Path:
        shutil.rmtree(self.unfinished, ignore_errors=True)
        self.unfinished.mkdir(parents=True)
        return self.unfinished

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.unfinished.replace(self.folder)
        else:
            shutil.rmtree(self.unfinished, ignore_errors=True)


def _write_results(results: Results, folder: Path) -> None:
    table = pa.Table.from_pandas(results.frame[list(COLUMNS)], preserve_index=False)
    pq.write_table(table, folder / "results.parquet", compression="zstd")


def _synthetic(tables: Any) -> bool:
    return any(
        bool(tables[name].filter(tables[name]["synthetic"]).count().execute()) for name in FACT_SOURCES
    )


def _figures(results: Results, month: ReportPeriod) -> pd.DataFrame:
    """The figures of the month, and of the quarter and year that end with it."""
    tokens = {month.token}
    if month.first % 3 == 2:
        tokens.add(f"{month.token[:4]}-Q{month.first % 12 // 3 + 1}")
    if month.first % 12 == 11:
        tokens.add(month.token[:4])
    frame = results.frame
    return frame[frame["period"].astype(str).isin(tokens)]


def _residents(areas: Areas, month: ReportPeriod) -> dict[AreaKind, dict[str, float]]:
    found: dict[AreaKind, dict[str, float]] = {}
    kinds: tuple[AreaKind, ...] = ("beat", "station")
    for kind in kinds:
        codes = areas.codes(kind, month)
        people = areas.exposure("residents", kind, codes, month, (month.first, month.last))
        known = [float(p) for p in people if p == p]
        mean = sum(known) / len(known) if known else 0.0
        found[kind] = {c: float(p) if p == p else mean for c, p in zip(codes, people, strict=True)}
    return found


def _areas(areas: Areas, month: ReportPeriod) -> Iterator[dict[str, Any]]:
    stations: dict[str, str] = {}
    beats: dict[str, tuple[str, str]] = {}
    name = areas.name(areas.territory)
    yield {"kind": "territory", "code": areas.territory, "name": name.zh, "name_en": name.en}
    kinds: tuple[Any, ...] = ("station", "beat", "post")
    for kind in kinds:
        rows = areas.in_force(kind, month)
        for code in sorted(map(str, rows.index)):
            parent = areas.parent(kind, code) or ""
            station = code if kind == "station" else parent if kind == "beat" else beats.get(parent, ("",))[0]
            beat = code if kind == "beat" else parent if kind == "post" else ""
            beats[code] = (station, beat)
            stations[code] = station
            people = rows.loc[code, "residents"]
            yield {
                "kind": kind,
                "code": code,
                "parent": parent,
                "station_code": station,
                "beat_code": beat,
                "name": areas.name(code).zh,
                "name_en": areas.name(code).en,
                "residents": None if pd.isna(people) else int(people),
            }
