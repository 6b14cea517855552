"""Results on disk: Parquet for programs, a workbook and CSV for people, the evidence beside them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from linli import __version__
from linli.assessment.indicators.areas import Areas
from linli.assessment.indicators.computing import window_of
from linli.assessment.indicators.counting import select
from linli.assessment.indicators.evidence import wide_evidence
from linli.assessment.indicators.model import Definition
from linli.assessment.indicators.periods import ReportPeriod
from linli.assessment.indicators.results import COLUMNS, Results
from linli.io.facts.dataset import digest_of
from linli.io.sheets import Cell, Listing, stream_csv, write_xlsx
from linli.kernel.texts import Language, catalogue

__all__ = ["EVIDENCE", "RESULTS", "write_evidence", "write_results", "write_run"]

say = catalogue("linli.io.facts")

RESULTS: Final = "results"
EVIDENCE: Final = "evidence"
RUN: Final = "run.json"
DIGITS: Final = 6
REPEATED: Final = ("indicator", "clause", "area_kind", "area", "period", "formula", "code_version")


def write_results(results: Results, areas: Areas, folder: Path, language: Language) -> None:
    """``results.parquet``, ``results.csv`` and ``results.xlsx``; the last two with titles and names."""
    table = pa.Table.from_pandas(results.frame[list(COLUMNS)], preserve_index=False)
    for name in REPEATED:
        place = table.column_names.index(name)
        table = table.set_column(place, name, table.column(name).combine_chunks().dictionary_encode())
    pq.write_table(table, folder / f"{RESULTS}.parquet", compression="zstd")
    header = [say(f"results.{name}").in_(language) for name in SHOWN]
    with (folder / f"{RESULTS}.csv").open("wb") as file:
        for piece in stream_csv(header, _lines(results, areas, language)):
            file.write(piece)
    listing = Listing(say("results.sheet").in_(language), header, _lines(results, areas, language))
    about = [say("results.about"), say("results.unknown"), say("results.interval")]
    lines: list[list[Cell]] = [[text.in_(language)] for text in about]
    notes = Listing(say("results.notes").in_(language), [say("results.notes").in_(language)], lines)
    write_xlsx(folder / f"{RESULTS}.xlsx", [listing, notes])


SHOWN: Final = (
    "indicator", "title", "clause", "area_kind", "area", "name", "period", "value", "unit", "low", "high",
    "numerator", "denominator", "records", "mark", "evidence", "formula", "code_version",
)  # fmt: skip


def _lines(results: Results, areas: Areas, language: Language) -> Iterator[list[Cell]]:
    names: dict[str, str] = {}
    for result in results:
        if result.area not in names:
            names[result.area] = areas.name(result.area).in_(language)
        told = results.definitions[result.indicator].indicator
        low, high = result.interval or (None, None)
        yield [
            result.indicator,
            told.title.in_(language),
            result.clause,
            say(f"kind.{result.area_kind}").in_(language),
            result.area,
            names[result.area],
            str(result.period),
            _rounded(result.value),
            str(told.unit),
            _rounded(low),
            _rounded(high),
            _rounded(result.numerator),
            _rounded(result.denominator),
            result.records,
            say("results.by_silence").in_(language) if told.met_by_not_recording else None,
            result.evidence,
            result.formula,
            result.code_version,
        ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def write_evidence(
    results: Results, tables: Mapping[str, ir.Table], periods: tuple[ReportPeriod, ...], folder: Path
) -> Mapping[str, str]:
    """``evidence/<table>.parquet`` for each fact table: every record counted and what it adds.

    Returns
    -------
    The SHA-256 of each file by table.
    """
    by_source: dict[str, list[Definition]] = defaultdict(list)
    for definition in results.definitions.values():
        by_source[definition.indicator.source].append(definition)
    (folder / EVIDENCE).mkdir(exist_ok=True)
    digests = {}
    for source, group in sorted(by_source.items()):
        windows = [window_of(definition, period) for definition in group for period in periods]
        low, high = min(w[0] for w in windows), max(w[1] for w in windows)
        table = select(tables[source], f"{low // 12}-{low % 12 + 1:02}", f"{high // 12}-{high % 12 + 1:02}")
        path = folder / EVIDENCE / f"{source}.parquet"
        wide_evidence(group, table, source).to_parquet(path, compression="zstd")
        digests[source] = digest_of(path)
    return digests


def write_run(results: Results, evidence: Mapping[str, str], folder: Path) -> None:
    """``run.json``: from which facts, by which formulas and which version of Linli, with which evidence."""
    content = {
        "linli": __version__,
        "facts": results.facts,
        "evidence": dict(evidence),
        "indicators": {
            name: {
                "pack": definition.pack,
                "pack_digest": definition.pack_digest,
                "clause": str(definition.indicator.clause),
                "formula": definition.formula,
                "digest": definition.digest,
                "missing": definition.indicator.missing,
            }
            for name, definition in results.definitions.items()
        },
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / RUN).write_text(text, encoding="utf-8")
