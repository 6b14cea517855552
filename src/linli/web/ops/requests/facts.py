"""The five moments of each request as steps (X9): ``five.accepted`` to ``five.answered``, in time or not.

A moment that has not come is no fact yet; one that was not asked for never becomes one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import F

from linli.web.foundation.facts import FactExporter, Reading, register
from linli.web.foundation.facts.cases import case_record, place_of
from linli.web.foundation.facts.registry import Row
from linli.web.ops.requests.five import KIND, STEPS
from linli.web.ops.requests.models import Five

__all__ = ["five_rows", "register_facts"]

MINUTE: Final = 60.0


def register_facts() -> None:
    """Called by the app's ``ready``."""
    register(FactExporter(name="requests.five", table="transitions", rows=five_rows, follows_cases=True))


def five_rows(reading: Reading) -> Iterator[Row]:
    """One row for each moment done of each round of each request."""
    for keys in reading.cases(KIND):
        rounds = Five.objects.filter(case_id__in=keys, void=False).order_by("case_id", "round")
        for row in rounds.annotate(number=F("case__number")).values():
            yield from _steps(row)


def _steps(row: Mapping[str, Any]) -> Iterator[Row]:
    record = case_record(row["number"])
    for step in STEPS:
        done, due = row[f"{step}_at"], row[f"{step}_due"]
        if done is not None:
            yield {
                "record_id": f"{record}:{row['round']}:{step}",
                **place_of(row),
                "at": done,
                "case_record_id": record,
                "case_type": KIND,
                "state_to": f"five.{step}",
                "within_deadline": due is None or done <= due,
                "minutes_open": round((done - row["opened_at"]).total_seconds() / MINUTE, 3),
            }
