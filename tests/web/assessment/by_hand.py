"""Working a figure out by another path: plain Python over exported rows, no Ibis, none of Linli's code."""

import ast
import calendar
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["Facts", "answer", "recomputed"]

Row = Mapping[str, Any]


def answer(text: str, row: Row) -> Any:
    """What a text of the small language says of a row; ``None`` is "not known", as in SQL."""
    written = text.replace(" is not null", " is not None").replace(" is null", " is None")
    return _answer(ast.parse(written, mode="eval").body, row)


def _answer(node: ast.AST, row: Row) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id="true"):
            return True
        case ast.Name(id="false"):
            return False
        case ast.Name(id=name):
            return row[name]
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            found = _answer(inner, row)
            return None if found is None else not found
        case ast.BoolOp(op=op, values=parts):
            found = [_answer(part, row) for part in parts]
            decides = isinstance(op, ast.Or)
            return decides if decides in found else None if None in found else not decides
        case ast.IfExp(test=test, body=body, orelse=other):
            return _answer(body if _answer(test, row) else other, row)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above, below = _answer(left, row), _answer(right, row)
            return None if above is None or below is None else above / below
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(_answer(left, row), op, right, row)
    raise AssertionError(ast.dump(node))


def _compared(left: Any, op: ast.cmpop, right: ast.AST, row: Row) -> Any:
    if isinstance(op, ast.Is | ast.IsNot):
        return (left is None) is isinstance(op, ast.Is)
    if isinstance(op, ast.In):
        assert isinstance(right, ast.List)
        return None if left is None else left in [_answer(one, row) for one in right.elts]
    other = _answer(right, row)
    if left is None or other is None:
        return None
    return {
        ast.Eq: left == other,
        ast.NotEq: left != other,
        ast.Lt: left < other if not isinstance(op, ast.Eq | ast.NotEq) else None,
        ast.LtE: left <= other if not isinstance(op, ast.Eq | ast.NotEq) else None,
        ast.Gt: left > other if not isinstance(op, ast.Eq | ast.NotEq) else None,
        ast.GtE: left >= other if not isinstance(op, ast.Eq | ast.NotEq) else None,
    }[type(op)]


class Facts:
    """Exported tables as lists of dictionaries."""

    def __init__(self, tables: Mapping[str, list[dict[str, Any]]]) -> None:
        self.tables = tables

    def months(self, token: str, since: str) -> list[str]:
        """The months whose records count."""
        year = token[:4]
        if len(token) == 4:
            last, first = 12, 1
        elif "Q" in token:
            last = 3 * int(token[-1])
            first = last - 2
        else:
            last = first = int(token[5:])
        assert since in ("period", "year")
        return [f"{year}-{n:02}" for n in range(1 if since == "year" else first, last + 1)]

    def rows(self, told: Mapping[str, Any], kind: str, area: str, token: str) -> list[dict[str, Any]]:
        """All records of an indicator's table in an area and time."""
        months = set(self.months(token, told["since"]))
        column = None if kind == "territory" else kind
        return [
            row
            for row in self.tables[told["source"]]
            if row["month"] in months and (column is None or row[column] == area)
        ]

    def people(self, name: str, kind: str, area: str) -> float | None:
        """Residents or households, added up where the area has no number of its own."""
        areas = self.tables["areas"]
        own = next(row for row in areas if row["kind"] == kind and row["code"] == area)
        if own[name] is not None:
            return float(own[name])
        below = {"territory": "station", "station": "beat"}.get(kind)
        if below is None:
            return None
        inner = [row for row in areas if row["kind"] == below]
        codes = [row["code"] for row in inner if kind == "territory" or row["parent"] == area]
        found = [self.people(name, below, code) for code in codes]
        return None if None in found else sum(number for number in found if number is not None)

    def exposure(self, told: Mapping[str, Any], kind: str, area: str, token: str) -> float | None:
        """What a rate is over."""
        name, months = told["exposure"], self.months(token, told["since"])
        if name in ("residents", "households", "villages"):
            return self.people(name, kind, area)
        days = [calendar.monthrange(int(m[:4]), int(m[5:]))[1] for m in months]
        if name in ("days", "weeks"):
            return sum(days) / (7 if name == "weeks" else 1)
        role = name.removesuffix("_weeks").removesuffix("s").removeprefix("community_")
        in_post = [self._in_post(role, kind, area, month) for month in months]
        if name.endswith("_weeks"):
            role = name.removesuffix("_weeks").removeprefix("community_")
            in_post = [self._in_post(role, kind, area, month) for month in months]
            return sum(people * of / 7 for people, of in zip(in_post, days, strict=True))
        return sum(in_post) / len(in_post)

    def _in_post(self, role: str, kind: str, area: str, month: str) -> float:
        column = None if kind == "territory" else kind
        return sum(
            row["actual"]
            for row in self.tables["staff"]
            if row["month"] == month and row["role"] == role and (column is None or row[column] == area)
        )


def recomputed(
    told: Mapping[str, Any], records: Sequence[Row], exposure: float | None, months: int
) -> float | None:
    """The figure from its records alone."""
    counted = [row for row in records if told["where"] is None or answer(told["where"], row)]
    weights = {id(row): row.get("weight", 1.0) if told["kind"] == "survey" else 1.0 for row in counted}
    if told["kind"] == "percentile":
        values = sorted(v for row in counted if (v := answer(told["numerator"], row)) is not None)
        return _quantile(values, told["quantile"])
    below_of = _denominator(told, counted, weights)
    above = 0.0
    for row in counted:
        value = answer(told["numerator"], row)
        if value is not None and (below_of is None or id(row) in below_of or not _is_truth(told, counted)):
            above += (weights[id(row)] if value else 0.0) if isinstance(value, bool) else float(value)
    if told["source"] == "staff" and told["kind"] != "ratio":
        above /= months
    if told["kind"] in ("count", "cumulative"):
        return above
    below = sum(below_of.values()) if below_of is not None else (exposure or 0.0) / told["per"]
    return None if not below else above / below * (100.0 if told["unit"] == "%" else 1.0)


def _denominator(
    told: Mapping[str, Any], counted: Iterable[Row], weights: Mapping[int, float]
) -> dict[int, float] | None:
    if told["denominator"] is None:
        if told["kind"] != "survey":
            return None
        return {id(row): weights[id(row)] for row in counted if row["answer"] is not None}
    found = {}
    for row in counted:
        value = answer(told["denominator"], row)
        if value is not None and value is not False:
            found[id(row)] = weights[id(row)] if value is True else float(value)
    return found


def _is_truth(told: Mapping[str, Any], counted: Sequence[Row]) -> bool:
    if told["denominator"] is None:
        return True
    return any(isinstance(answer(told["denominator"], row), bool) for row in counted)


def _quantile(values: Sequence[float], at: float) -> float | None:
    if not values:
        return None
    place = max(1, math.ceil(at * len(values)))
    return values[place - 1]
