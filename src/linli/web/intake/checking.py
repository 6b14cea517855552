"""What a resident filled in, checked against what was asked."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.border.characters import broken
from linli.web.foundation.border.moments import moment_of
from linli.web.intake.offers import OfferedField

__all__ = ["wrong_values"]

say = catalogue("linli.web.intake")

LONGEST: Final = {"text": 200, "long_text": 4000, "phone": 20}
_PHONE: Final = re.compile(r"^\+?[0-9][0-9 \-]{4,18}$")
_DECIMAL: Final = re.compile(r"^-?\d{1,12}(\.\d{1,4})?$")


def wrong_values(fields: Iterable[OfferedField], given: Mapping[str, Any]) -> dict[str, Text]:
    """A sentence for each value that is missing, wrong, or was not asked for."""
    known = {one.id: one for one in fields}
    wrong = {id_: say("field.unknown", id=id_) for id_ in given if id_ not in known}
    for id_, one in known.items():
        value = str(given.get(id_, "")).strip()
        if not value:
            if one.required:
                wrong[id_] = say("field.required", name=one.name)
        elif (reason := _reason(one, value)) is not None:
            wrong[id_] = reason
    return wrong


def _reason(field: OfferedField, value: str) -> Text | None:
    if broken(value) or len(value) > LONGEST.get(field.kind, 200):
        return say("field.too_long", name=field.name, most=LONGEST.get(field.kind, 200))
    if not _fits(field, value):
        return say(f"field.{field.kind}", name=field.name)
    return None


def _fits(field: OfferedField, value: str) -> bool:
    match field.kind:
        case "phone":
            return _PHONE.match(value) is not None
        case "choice":
            return value in {id_ for id_, _ in field.choices}
        case "integer":
            return value.removeprefix("-").isdecimal() and len(value) < 16
        case "decimal":
            return _DECIMAL.match(value) is not None
        case "date" | "datetime":
            return moment_of(value) is not None
        case "yes_no":
            return value.lower() in {"true", "false", "on", "off", "yes", "no", "1", "0"}
        case _:
            return True
