"""Indicators: what packs and users ask to be counted, computed from facts, each figure with its evidence.

What other rooms use: ``pack_indicators`` or ``read_indicators`` give definitions; ``compute(definitions,
tables, periods, facts=…)`` gives ``Results`` (a frame and ``Result`` objects, areas and periods in rows);
``explain(definition, tables, area, period)`` opens one of them down to the records; ``evidence`` is the
expression of those records and ``wide_evidence`` the table to keep when a period is locked. Tables are
Ibis tables by name, of any engine: ``linli.io.facts.duckdb_tables(open_dataset(folder))``.
"""

from linli.assessment.indicators.areas import Areas
from linli.assessment.indicators.bans import banned, measures_of
from linli.assessment.indicators.computing import areas_of, compute
from linli.assessment.indicators.evidence import evidence, record_digest, wide_columns, wide_evidence
from linli.assessment.indicators.explaining import Explanation, Record, explain, sentences
from linli.assessment.indicators.model import Definition, Indicator
from linli.assessment.indicators.periods import ReportPeriod, period, periods_between
from linli.assessment.indicators.reading import FILE, pack_indicators, read_indicators
from linli.assessment.indicators.results import COLUMNS, Result, Results, evidence_key

__all__ = [
    "COLUMNS",
    "FILE",
    "Areas",
    "Definition",
    "Explanation",
    "Indicator",
    "Record",
    "ReportPeriod",
    "Result",
    "Results",
    "areas_of",
    "banned",
    "compute",
    "evidence",
    "evidence_key",
    "explain",
    "measures_of",
    "pack_indicators",
    "period",
    "periods_between",
    "read_indicators",
    "record_digest",
    "sentences",
    "wide_columns",
    "wide_evidence",
]
