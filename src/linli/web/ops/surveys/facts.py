"""Answers and street checks as facts: question, answer, weight and stratum; no address and no person."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from linli.web.foundation.facts import FactExporter, Reading, register
from linli.web.foundation.facts.cases import place_of
from linli.web.foundation.facts.registry import Row
from linli.web.ops.surveys.models import Response, StreetCheck, Wave

__all__ = ["answer_rows", "check_rows", "register_facts"]

ASKED: Final = ("know_officer", "see_patrols", "feel_safe")


def register_facts() -> None:
    """Called by the app's ``ready``."""
    register(FactExporter(name="surveys.answers", table="surveys", rows=answer_rows))
    register(FactExporter(name="surveys.checks", table="surveys", rows=check_rows))


def answer_rows(reading: Reading) -> Iterator[Row]:
    """One row an answer of a closed wave, dated by the wave's last day.

    An answer that counts as good is called ``yes``, as the indicators of the packs ask; its score stays.
    """
    # Imported now: it loads SciPy, which few processes need.
    from linli.web.ops.surveys.results import weights_of

    for wave in Wave.objects.filter(status=Wave.Status.CLOSED).select_related("questionnaire"):
        weights = weights_of(wave)
        asked = [one for one in wave.questionnaire.questions if one["kind"] == "select_one"]
        at = dt.datetime.combine(wave.closes_on, dt.time(12), reading.zone)
        for row in Response.objects.filter(wave=wave).order_by("pk").iterator(chunk_size=1000):
            for one in asked:
                answer = row.answers.get(one["name"])
                if answer is None:
                    continue
                yield {
                    "record_id": f"survey:{wave.code}:{row.pk}:{one['name']}",
                    "station": row.station_code or None,
                    "beat": row.beat_code or None,
                    "at": at,
                    "wave": wave.code,
                    "question": one["name"],
                    **_told(one, answer),
                    "weight": weights.get((row.stratum, row.psu), 0.0),
                    "stratum": row.stratum,
                    "psu": row.psu or None,
                    "stratum_size": wave.strata.get(row.stratum),
                }


def _told(one: Mapping[str, Any], answer: str) -> dict[str, object]:
    choice = next((each for each in one["choices"] if each["id"] == answer), None)
    if choice is None:
        return {"answer": answer}
    return {"answer": "yes" if choice["positive"] else answer, "score": choice["score"]}


def check_rows(reading: Reading) -> Iterator[Row]:
    """One row for each person who was asked and each question, with the weight 1: a check is no sample."""
    for check in StreetCheck.objects.order_by("pk").iterator(chunk_size=1000):
        place = place_of(
            {
                "station_code": check.station_code,
                "beat_code": check.beat_code,
                "place_code": check.place_code,
            }
        )
        at = dt.datetime.combine(check.on, dt.time(12), reading.zone)
        for question in ASKED:
            yes = getattr(check, question)
            for number in range(check.asked):
                yield {
                    "record_id": f"street:{check.pk}:{question}:{number}",
                    **place,
                    "at": at,
                    "wave": f"street-{check.on:%Y-%m}",
                    "question": question,
                    "answer": "yes" if number < yes else "no",
                    "weight": 1.0,
                }
