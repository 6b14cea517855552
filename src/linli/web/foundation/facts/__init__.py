"""Facts leave the platform here: what each feature exports, and the export that gathers it.

A feature registers its exporter in its ``AppConfig.ready``:

``from linli.web.foundation.facts import FactExporter, register``
``register(FactExporter(name="surveys.answers", table="surveys", rows=answer_rows))``

``rows(reading)`` yields one mapping a fact, by the column names of ``linli/assessment/facts/tables.toml``
without ``day``, ``month`` and ``source``, which follow from ``at``. Facts of cases are read in pieces:
``for cases in reading.cases("survey"): ...``. No personal value may be read: rows with other columns than
the table's are refused.
"""

from linli.web.foundation.facts.registry import (
    FactExporter,
    Flags,
    Reading,
    exporters,
    flag,
    flags_of,
    register,
)

__all__ = ["FactExporter", "Flags", "Reading", "exporters", "flag", "flags_of", "register"]
