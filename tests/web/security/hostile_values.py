"""What an attacker, or a slip of the hand, puts where a moment, a number or a text is expected."""

import json
from collections.abc import Mapping
from typing import Any, Final
from zlib import crc32

__all__ = ["JSONS", "NUMBERS", "TEXTS", "chosen", "percent"]

TEXTS: Final[Mapping[str, bytes]] = {
    "nul": b"a\x00b",
    "year 1": b"0001-01-01",
    "year 26": b"0026-03-10",
    "year 9999": b"9999-12-31",
    "moment of year 1": b"0001-01-01T00:00",
    "moment of year 9999": b"9999-12-31T23:59:59+00:00",
    "month of year 1": b"0001-01",
    "huge number": b"1" + b"0" * 30,
    "number of 5000 digits": b"9" * 5000,
    "below nothing": b"-9223372036854775809",
    "not a number": b"nan",
    "infinity": b"1e400",
    "half a character": b"a\xed\xa0\x80b",
    "no UTF-8": b"\xff\xfe",
    "no character": "\uffff\ufdd0".encode(),
    "controls": b"\x01\x07\x0b\x1b\x7f",
    "other direction": "\u202e\u2066abc\u200b".encode(),
    "nothing but unseen": "\u200b\u200d\ufeff".encode(),
    "long": "长".encode() * 5000,
    "longer than a column": b"x" * 260,
    "other digits": "٣²".encode(),
    "words of a query": b"' OR 1=1; -- %_\\ NEAR( *",
    "json": b'{"a": [null, 1e999]}',
    "cursor": b"-62135596800.000000_99999999999999999999",
    "cursor of a day": b"0001-01-01_1",
    "cursor of a moment": b"0001-01-01T00:00:00+00:00_1",
    "of a person": b"1:" + b"9" * 40,
    "time of day": b"25:99",
    "path": b"../../../etc/passwd",
}
"""Everything as bytes: not all of it can be written as a text."""

NUMBERS: Final = ("0", "2147483648", "9223372036854775807", "9223372036854775808", "1" + "0" * 30)
"""For pieces of an address that take digits alone."""

JSONS: Final[Mapping[str, str]] = {
    "nul": '"a\\u0000b"',
    "half a character": '"\\ud800"',
    "no character": '"\\uffff"',
    "controls": '"\\u0007"',
    "year 1": '"0001-01-01T00:00:00Z"',
    "year 26": '"0026-03-10T00:00:00+08:00"',
    "year 9999": '"9999-12-31T23:59:59-12:00"',
    "no zone": '"2026-03-10T00:00:00"',
    "huge number": "1" + "0" * 30,
    "number of 5000 digits": "9" * 5000,
    "infinity": "1e400",
    "not a number": "NaN",
    "negative": "-1",
    "fraction": "0.5",
    "yes": "true",
    "nothing": "null",
    "list": "[[[]]]",
    "long list": json.dumps(["a"] * 5000),
    "object": '{"a\\u0000": {"b": "\\ud800"}}',
    "long": json.dumps("长" * 5000),
    "empty": '""',
    "deep": "[" * 3000 + "]" * 3000,
}
"""As they are written into a body."""


def chosen(values: Mapping[str, Any], about: str, count: int) -> list[str]:
    """Names of some of the values, the same for the same field every time; all for a count of 0."""
    names = sorted(values)
    if count == 0 or count >= len(names):
        return names
    start = crc32(about.encode())
    return [names[(start + step * 7) % len(names)] for step in range(count)]


def percent(value: bytes) -> str:
    """Bytes as a piece of an address."""
    return "".join(f"%{one:02X}" for one in value)
