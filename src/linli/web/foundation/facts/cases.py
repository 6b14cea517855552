"""Cases and their steps as facts: where they were at the time, when, how they ended."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linli.web.foundation.facts.registry import Reading, Row, flags_of
from linli.web.foundation.facts.selectors import case_columns, events_of, opinions_of

__all__ = ["case_record", "case_rows", "place_of", "transition_rows"]

MINUTE = 60.0


def case_record(number: str) -> str:
    """The record id of a case, by which the platform finds it again."""
    return f"case:{number}"


def place_of(case: Mapping[str, Any]) -> dict[str, object]:
    """Station, beat and place that a case had when it was opened; nothing where it had none."""
    return {
        "station": case["station_code"] or None,
        "beat": case["beat_code"] or None,
        "place": case["place_code"] or None,
    }


def case_rows(reading: Reading) -> Iterator[Row]:
    """One row a case, of every type."""
    for keys in reading.cases():
        histories, opinions = events_of(keys), opinions_of(keys)
        for case in case_columns(keys):
            yield _case(case, histories.get(case["pk"], []), opinions.get(case["pk"]))


def _case(case: Mapping[str, Any], history: Sequence[Mapping[str, Any]], solved: bool | None) -> Row:  # noqa: FBT001 - an answer
    flags = flags_of(case["case_type"])
    return {
        "record_id": case_record(case["number"]),
        **place_of(case),
        "at": case["opened_at"],
        "case_type": case["case_type"],
        "category": case["category"] or None,
        "result": case["result"] or None,
        "status": case["state"],
        "confidentiality": case["confidentiality"],
        "opened_at": case["opened_at"],
        "due_at": case["promised_at"],
        "closed_at": case["closed_at"],
        "late": _late(case, history),
        "reopened": sum(event["kind"] == "reopened" for event in history),
        "feedback": None if solved is None else "satisfied" if solved else "not_satisfied",
        "key": case["category"] in flags.key,
        "preventable": case["category"] in flags.preventable,
        "recorded": case["result"] in flags.recorded if flags.recorded else None,
        "merged": case["merged_into_id"] is not None,
    }


def _late(case: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the case's clock ran out, pauses left aside: at its end, or when it was last seen to."""
    if case["remaining_seconds"] is not None:
        return bool(case["remaining_seconds"] == 0)
    if case["closed_at"] is not None:
        return False
    return any(event["kind"] == "escalated" and event["detail__clock"] == "case" for event in history)


def transition_rows(reading: Reading) -> Iterator[Row]:
    """One row a step of a case, with the time it took."""
    for keys in reading.cases():
        histories = events_of(keys)
        for case in case_columns(keys):
            yield from _transitions(case, histories.get(case["pk"], []))


def _transitions(case: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    since, due, warned = case["opened_at"], None, False
    for event in history:
        if event["kind"] == "escalated":
            warned = warned or event["detail__clock"] == "state"
            continue
        if event["kind"] not in ("moved", "reopened"):
            continue
        at = event["at"]
        yield {
            "record_id": f"{case_record(case['number'])}:{event['sequence']}",
            **place_of(case),
            "at": at,
            "case_record_id": case_record(case["number"]),
            "case_type": case["case_type"],
            "state_from": event["detail__from"],
            "state_to": event["detail__to"],
            "within_deadline": at <= due if due is not None else False if warned else None,
            "minutes_open": _minutes(case["opened_at"], at),
            "minutes_in_state": _minutes(since, at),
        }
        given = event["detail__due_at"]
        since, due, warned = at, dt.datetime.fromisoformat(given) if given else None, False


def _minutes(start: dt.datetime, end: dt.datetime) -> float:
    return round((end - start).total_seconds() / MINUTE, 3)
