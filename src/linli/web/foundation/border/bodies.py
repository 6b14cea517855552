"""JSON bodies that programs send: read strictly, refused with the names of the parts that cannot be kept."""

import json
import math
from collections.abc import Iterator
from typing import Any, Final, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.characters import broken, clean
from linli.web.foundation.border.numbers import MOST

__all__ = ["BorderParser", "cleaned_body"]

_say = catalogue("linli.web.foundation.border")
_DEEPEST: Final = 32
_NAMED: Final = 20
"""Parts that one answer names: a body of a million faults makes no answer of a million lines."""


class BorderParser(Parser):
    """Reads the bodies of the API's requests."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body, its texts without unseen characters.

        Raises
        ------
        Invalid
            A text holds control characters or half a character, or a number is not finite or too large.
        ValueError
            It is no JSON.
        """
        return cast(DictStrAny, cleaned_body(request.body))


def cleaned_body(content: bytes) -> Any:
    """What ``parse_body`` answers, of plain bytes."""
    body = json.loads(content, parse_int=_integer, parse_constant=_constant)
    wrong = dict(part for _, part in zip(range(_NAMED), _faults(body, ()), strict=False))
    if wrong:
        raise Invalid(_say("characters_summary"), wrong)
    return _clean(body)


def _integer(digits: str) -> int:
    # Python itself refuses to read more digits than these many times over, with an error of its own.
    return int(digits) if len(digits) <= 4000 else MOST + 1


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _faults(value: Any, at: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    name = ".".join(clean(part) for part in at)
    if len(at) > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, one in value.items():
            if broken(key):
                yield ".".join(filter(None, (name, clean(key)))), _say("characters")
            yield from _faults(one, (*at, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _faults(one, (*at, str(index)))
    elif isinstance(value, str) and broken(value):
        yield name, _say("characters")
    elif isinstance(value, int | float) and not _keepable(value):
        yield name, _say("number", most=MOST)


def _keepable(number: float) -> bool:
    return -MOST <= number <= MOST if isinstance(number, int) else math.isfinite(number)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {clean(key): _clean(one) for key, one in value.items()}
    return value
