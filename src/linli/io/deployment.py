"""deployment.json: a deployment written so that the same plan is the same bytes, and read strictly.

Keys are sorted, each record stands on its own line, numbers are rounded to the digits stated in
``DIGITS``, and the file ends with a newline. A reader meets no unknown key, no duplicate key, no
missing key, no NaN; anything else is refused with the place in the file.
"""

import dataclasses
import datetime as dt
import json
import types
import typing
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Union

from pydantic import BaseModel, ConfigDict, ValidationError

from linli.kernel.errors import Finding, InputRefused, Where
from linli.kernel.measures import Kilometres, KilometresPerHour, Minutes, Ratio, SquareKilometres, Workload
from linli.kernel.texts import Catalogue, Text, catalogue, plain
from linli.planning.deployment import FORMAT, Deployment
from linli.planning.yardstick import judged, with_measure, worth_beats

__all__ = [
    "DIGITS",
    "OTHER_DIGITS",
    "SCHEMA_ID",
    "canonical",
    "deployment_schema",
    "deployment_text",
    "parse_deployment",
    "read_deployment",
    "schema_text",
    "write_deployment",
]

DIGITS: Final[Mapping[object, int]] = {
    Minutes: 3,
    Kilometres: 4,
    KilometresPerHour: 3,
    SquareKilometres: 4,
    Workload: 3,
    Ratio: 6,
}
"""Digits after the point that each measure is written with."""

OTHER_DIGITS: Final = 6
"""Digits of every other number; for a position that is about a tenth of a metre."""

SCHEMA_ID: Final = "urn:linli:deployment:2"

OLDER: Final = ("linli-deployment/1",)
"""Formats that are still read, and brought up to date as they are."""

MOST_FINDINGS: Final = 50


class _Document(BaseModel):
    """Carries the strictness that the plain data classes are read with."""

    model_config = ConfigDict(strict=True, extra="forbid", use_attribute_docstrings=True, defer_build=True)

    deployment: Deployment


def write_deployment(path: Path, deployment: Deployment) -> None:
    """Write a deployment; the file appears whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(deployment_text(deployment), encoding="utf-8", newline="\n")
    unfinished.replace(path)


def read_deployment(path: Path) -> Deployment:
    """Read a deployment.

    Raises
    ------
    InputRefused
        The file is not there, not UTF-8, not JSON, of another format, or a key is missing, unknown,
        given twice or of the wrong type. Each finding names the key path.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise _refused(
            path.name, [_finding(path.name, "unreadable", None, plain(type(reason).__name__))]
        ) from None
    return parse_deployment(text, file=path.name)


def parse_deployment(text: str, *, file: str = "deployment.json") -> Deployment:
    """A deployment from the text of its file; refuses as ``read_deployment`` does."""
    try:
        raw = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError) as reason:
        raise _refused(file, [_finding(file, "not_json", None, plain(reason))]) from None
    if not isinstance(raw, dict) or raw.get("format") not in (FORMAT, *OLDER):
        given = str(raw.get("format")) if isinstance(raw, dict) and "format" in raw else None
        raise _refused(file, [_finding(file, "format", "format", given=given)])
    try:
        return _up_to_date(_Document.model_validate_json(f'{{"deployment":{text}}}').deployment)
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False, include_context=False)
        raise _refused(file, [_error_finding(file, error) for error in errors[:MOST_FINDINGS]]) from None


def _up_to_date(deployment: Deployment) -> Deployment:
    """A deployment of an older format as today's says it.

    Rules say what they measure, and each beat is marked by that and no longer by its number of places
    alone. Pairs of places across a town stay among the neighbours: an older file does not tell them apart.
    """
    if deployment.format == FORMAT:
        return deployment
    rules = tuple(with_measure(rule) for rule in deployment.beat_rules)
    beats = tuple(
        dataclasses.replace(judged(beat, rules), worth_beats=worth_beats(beat)) for beat in deployment.beats
    )
    return dataclasses.replace(deployment, format=FORMAT, beat_rules=rules, beats=beats)


def deployment_text(deployment: Deployment) -> str:
    """The exact text of a deployment's file.

    Raises
    ------
    ValueError
        A number is not finite. That is a mistake in Linli, never in the user's input.
    """
    document = _encoder(Deployment)(deployment)
    return "{\n" + ",\n".join(f"{_json(key)}: {_value(document[key])}" for key in sorted(document)) + "\n}\n"


def canonical(deployment: Deployment) -> Deployment:
    """The deployment as its file will give it back, every number rounded: what reports are made from."""
    return parse_deployment(deployment_text(deployment))


def deployment_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of deployment.json, with the descriptions of the code."""
    document = _Document.model_json_schema()
    definitions = document["$defs"]
    definitions["Deployment"]["properties"]["format"]["const"] = FORMAT
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Linli deployment",
        "description": "A plan of beats, posts, staff and clause checks, as `linli plan` writes it.",
        "$ref": "#/$defs/Deployment",
        "$defs": definitions,
    }


def schema_text() -> str:
    """The published schema's exact text (``docs/reference/deployment.schema.json``)."""
    return json.dumps(deployment_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _value(value: Any) -> str:
    """A top-level value; records of a list stand one a line, so that two plans can be compared by eye."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(_json(record) for record in value) + "\n]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))


Encoder = Callable[[Any], Any]


@cache
def _encoder(hint: Any) -> Encoder:
    """How values of a type are written; worked out once for each type, as there may be 100,000 places."""
    if dataclasses.is_dataclass(hint):
        return _record_encoder(hint)
    origin = typing.get_origin(hint)
    if origin is tuple:
        item = _encoder(typing.get_args(hint)[0])
        return lambda value: [item(one) for one in value]
    if origin in (Union, types.UnionType):
        inner = _encoder(next(one for one in typing.get_args(hint) if one is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    return _leaf_encoder(hint)


def _record_encoder(hint: Any) -> Encoder:
    hints = typing.get_type_hints(hint)
    fields = [(field.name, _encoder(hints[field.name])) for field in dataclasses.fields(hint)]
    return lambda record: {name: encode(getattr(record, name)) for name, encode in fields}


def _leaf_encoder(hint: Any) -> Encoder:
    base = getattr(hint, "__supertype__", hint)
    if base is float:
        digits = DIGITS.get(hint, OTHER_DIGITS)
        # Adding zero turns −0.0, which compares equal to 0.0, into the same bytes.
        return lambda value: round(float(value), digits) + 0.0
    if base is dt.date:
        return lambda value: value.isoformat()
    if isinstance(base, type) and issubclass(base, Enum):
        return lambda value: value.value
    if base is int:
        return int
    return _itself


def _itself(value: Any) -> Any:
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        key, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"duplicate key “{key}”")
    return record


def _no_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")


def _error_finding(file: str, error: Any) -> Finding:
    """One of pydantic's errors as a finding with its key path."""
    path = error["loc"][1:]
    kind: Literal["missing", "unknown_key", "wrong_type"] = "wrong_type"
    if error["type"] in ("missing", "missing_argument", "missing_keyword_only_argument"):
        kind = "missing"
    elif error["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        kind = "unknown_key"
    given = None if kind == "missing" else _shown(error["input"])
    return _finding(file, kind, _key_path(path), plain(error["msg"]), given=given)


def _key_path(path: tuple[str | int, ...]) -> str:
    """``places[3].residents``: parts that pydantic adds for unions are left out."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        elif part.isidentifier():
            shown += f".{part}" if shown else part
    return shown


def _shown(given: Any) -> str:
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)


def _finding(
    file: str, kind: str, key: str | None, reason: Text | None = None, *, given: str | None = None
) -> Finding:
    say = _say()
    return Finding(
        code=f"deployment.{kind}",
        where=Where(file, key=key),
        given=given,
        expected=say(f"deployment.{kind}.expected", reason=reason or plain(""), format=FORMAT),
        remedy=say("deployment.remedy"),
    )


def _refused(file: str, findings: list[Finding]) -> InputRefused:
    return InputRefused(_say()("deployment.refused", file=file), tuple(findings))


def _say() -> Catalogue:
    return catalogue("linli.io")
