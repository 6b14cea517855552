"""Values of a case type's fields: checked against the declaration and told apart into plain and personal."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from linli.kernel.spelling import telephone
from linli.kernel.texts import Text, catalogue
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.characters import broken
from linli.web.foundation.border.moments import day_of, moment_of
from linli.web.foundation.border.numbers import whole_of
from linli.web.foundation.casework.types.model import FieldSpec

__all__ = ["Filled", "filled"]

say = catalogue("linli.web.foundation.casework")

LONGEST: Final = {"text": 200, "long_text": 4000, "phone": 20}
PHONE: Final = re.compile(r"^\+?[0-9][0-9 \-]{4,18}$")
Filled = tuple[dict[str, Any], dict[str, str]]
"""Plain values, and personal ones."""


def filled(specs: Iterable[FieldSpec], given: Mapping[str, Any], *, required: Iterable[str] = ()) -> Filled:
    """The values of some fields, as they are stored.

    Raises
    ------
    Invalid
        With a sentence for every field that is missing, wrong or not declared.
    """
    plain: dict[str, Any] = {}
    personal: dict[str, str] = {}
    wrong: dict[str, Text] = {}
    known = {spec.id: spec for spec in specs}
    must = set(required) | {spec.id for spec in known.values() if spec.required}
    for id_ in given:
        if id_ not in known:
            wrong[id_] = say("field.unknown", id=id_)
    for id_, spec in known.items():
        value = given.get(id_)
        if value is None or value == "":
            if id_ in must:
                wrong[id_] = say("field.required", name=spec.name)
            continue
        read = _READERS[spec.kind](spec, value)
        if isinstance(read, Text):
            wrong[id_] = read
        elif spec.personal is not None:
            personal[id_] = str(read)
        else:
            plain[id_] = read
    if wrong:
        raise Invalid(say("field.refused", count=len(wrong)), wrong)
    return plain, personal


def _text(spec: FieldSpec, value: Any) -> Any:
    if not isinstance(value, str) or broken(value):
        return say("field.text", name=spec.name)
    text = value.strip()
    longest = LONGEST[spec.kind]
    return say("field.too_long", name=spec.name, most=longest) if len(text) > longest else text


def _phone(spec: FieldSpec, value: Any) -> Any:
    text = telephone(str(value))
    return text if PHONE.match(text) else say("field.phone", name=spec.name)


def _choice(spec: FieldSpec, value: Any) -> Any:
    ids = [id_ for id_, _ in spec.choices]
    return value if value in ids else say("field.choice", name=spec.name)


def _integer(spec: FieldSpec, value: Any) -> Any:
    # Not more than what every program that reads the JSON keeps exactly.
    number = whole_of(str(value), least=1 - 2**53, most=2**53 - 1)
    return say("field.integer", name=spec.name) if number is None else number


def _decimal(spec: FieldSpec, value: Any) -> Any:
    text = str(value).strip()
    return text if re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", text) else say("field.decimal", name=spec.name)


def _date(spec: FieldSpec, value: Any) -> Any:
    day = day_of(str(value))
    return say("field.date", name=spec.name) if day is None else day.isoformat()


def _datetime(spec: FieldSpec, value: Any) -> Any:
    moment = moment_of(str(value))
    return say("field.datetime", name=spec.name) if moment is None else moment.isoformat()


def _yes_no(spec: FieldSpec, value: Any) -> Any:
    if value in (True, "true", "on", "yes", "1"):
        return True
    if value in (False, "false", "off", "no", "0"):
        return False
    return say("field.yes_no", name=spec.name)


_READERS: Final[Mapping[str, Callable[[FieldSpec, Any], Any]]] = {
    "text": _text,
    "long_text": _text,
    "phone": _phone,
    "choice": _choice,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
    "yes_no": _yes_no,
}
