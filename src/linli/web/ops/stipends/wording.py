"""Sentences of this feature, amounts and records as people read them."""

from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from linli.kernel.texts import Text, catalogue

__all__ = ["MOST_CENTS", "cents", "checked", "named", "record_name", "say", "yuan"]

Given = TypeVar("Given")
say = catalogue("linli.web.ops.stipends")

MOST_CENTS: Final = 10**12
"""Ten thousand million yuan: more is a slip of the keyboard."""


def yuan(cents_: int | None) -> str:
    """Cents as people read them: ``¥1,064.16``, ``−¥64.16``; nothing for nothing.

    Examples
    --------
    >>> yuan(106416), yuan(-6416), yuan(None)
    ('¥1,064.16', '−¥64.16', '')
    """
    if cents_ is None:
        return ""
    whole, part = divmod(abs(cents_), 100)
    return f"{'−' if cents_ < 0 else ''}¥{whole:,}.{part:02d}"


def cents(given: str) -> int | None:
    """What was typed as yuan, in cents; ``None`` where it is no amount of whole cents above nought.

    Examples
    --------
    >>> cents("¥1,064.16"), cents("64"), cents("64.165"), cents("x")
    (106416, 6400, None, None)
    """
    plain = given.strip().lstrip("¥￥").replace(",", "").replace("，", "")
    try:
        amount = Decimal(plain) * 100
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 < amount <= MOST_CENTS:
        return None
    return int(amount)


def record_name(record: str) -> Text:
    """A record's id as people know it."""
    kind, _, rest = record.partition(":")
    if kind == "case":
        return Text(rest, rest)
    key = f"record.{kind}"
    if key not in say.templates:
        return Text(record, record)
    return say(key, rest=rest.rpartition(":")[2])


def named(title: dict[str, str]) -> Text:
    """A title as it was kept in both languages."""
    return Text(title["zh"], title["en"])


def checked(value: Given | None) -> Given:
    """What an action's check has made sure of."""
    if value is None:
        raise LookupError("something that the check should have refused is missing")
    return value
