"""Clause checks over 100,000 rows: every check of every shipped pack, against peers in the same run.

    .venv/bin/python benchmarks/clauses.py                 all packs
    .venv/bin/python benchmarks/clauses.py --rows 1000000

Ours: types and units checked, dates and applicability looked up, three-valued answers (a missing value
gives *unknown*). Columns are random with one value in twenty missing, from a fixed seed: synthetic.

- *by hand*: the same three-valued answer written out in numpy for that rule alone, the practical limit.
- *pandas* and *numexpr*: `pandas.eval` (python engine) and `numexpr.evaluate`, where they are installed and
  can express the rule. They are two-valued (a missing value silently counts as *not met*) and know no units.

Each figure is the median of seven runs after one that warms up. `differs` counts rows without a missing
value where a peer answers otherwise than ours: rows exactly on a boundary, where turning units into base
units by a float factor (a month is 1/12 of a year) misses equality; ours multiplies by whole numbers. The
exit code is 1 when a check needs more than 0.02 s.
"""

import argparse
import datetime as dt
import importlib
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from linli.kernel.seeds import Seed, generator
from linli.policy.catalogue import measures
from linli.policy.expression.tree import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Not,
    Number,
)
from linli.policy.loading import load_pack, pack_folders, shipped_packs
from linli.policy.model import Pack
from linli.policy.rules import Column, CompiledCheck, compile_check, run_check

ENOUGH = 0.02
RUNS = 7
SEED = Seed(20)
Codes = NDArray[np.int8]
Columns = Mapping[str, Column]


class CannotSay(Exception):
    """A peer has no words for a construct of the rule."""


def main() -> int:
    """Measure every check and print the table."""
    parser = argparse.ArgumentParser(description="clause checks over many rows")
    parser.add_argument("--rows", type=int, default=100_000)
    rows: int = parser.parse_args().rows
    peers = {name: module for name in ("pandas", "numexpr") if (module := _installed(name)) is not None}
    print(f"{rows:,} rows a check; milliseconds, median of {RUNS}; peers: {', '.join(peers) or 'none'}\n")
    print(f"{'check':34s}{'ours':>8s}{'by hand':>9s}{'pandas':>9s}{'numexpr':>9s}{'differs':>9s}")
    slowest = 0.0
    count = 0
    for folder in pack_folders(shipped_packs()):
        pack = load_pack(folder)
        for check in pack.checks():
            ours, line = _measured(pack, compile_check(check, pack.values), rows, peers)
            slowest, count = max(slowest, ours), count + 1
            print(f"{check.id:34s}{line}")
    print(f"\n{count} checks; slowest {slowest * 1000:.2f} ms, limit {ENOUGH * 1000:.0f} ms at 100,000 rows")
    return int(slowest > ENOUGH * rows / 100_000)


def _installed(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _measured(
    pack: Pack, compiled: CompiledCheck, rows: int, peers: Mapping[str, ModuleType]
) -> tuple[float, str]:
    check = compiled.check
    on = max([check.start, *([check.due] if check.due is not None else [])])
    columns = _columns(compiled, rows)
    codes = run_check(compiled, pack.values, on=on, columns=columns, rows=rows).codes
    ours = _median(lambda: run_check(compiled, pack.values, on=on, columns=columns, rows=rows))
    whole = np.all([np.isfinite(column) for column in columns.values()], axis=0)
    cells = [f"{ours * 1000:8.2f}"]
    differing = 0
    hand = BY_HAND.get(check.id)
    if hand is None:
        cells.append(f"{'–':>9s}")
    else:
        differing += int(np.count_nonzero(hand(columns) != codes))
        cells.append(f"{_median(lambda: hand(columns)) * 1000:9.2f}")
    for peer in ("pandas", "numexpr"):
        time_, wrong = _peer(peers.get(peer), peer, Translated(pack, compiled, on), columns, codes, whole)
        cells.append(f"{'–':>9s}" if time_ is None else f"{time_ * 1000:9.2f}")
        differing += wrong
    return ours, "".join(cells) + f"{differing:9d}"


def _columns(compiled: CompiledCheck, rows: int) -> dict[str, Column]:
    random = generator(SEED, compiled.check.id)
    columns = {}
    for name in compiled.measures:
        top = 2 if measures()[name].unit is None else 60
        column = random.integers(0, top, rows).astype(np.float64)
        column[random.random(rows) < 0.05] = np.nan
        columns[name] = column
    return columns


def _median(run: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


# The limit: what one would write in numpy for one rule and nothing else.


def _not_known(*columns: Column) -> NDArray[np.bool_]:
    missing = np.isnan(columns[0])
    for column in columns[1:]:
        missing |= np.isnan(column)
    return missing


def _at_least(columns: Columns, name: str, wanted: float) -> Codes:
    column = columns[name]
    codes = np.where(column >= wanted, 1, -1).astype(np.int8)
    codes[np.isnan(column)] = 0
    return codes


def _villages(columns: Columns) -> Codes:
    villages, rural = columns["villages"], columns["rural"]
    codes = np.where((villages >= 4) & (villages <= 6), 1, -1).astype(np.int8)
    codes[np.isnan(villages)] = 0
    codes[rural == 0] = 2
    codes[np.isnan(rural)] = 0
    return codes


def _officer_share(columns: Columns) -> Codes:
    part, whole = columns["community_officers"], columns["officers"]
    with np.errstate(all="ignore"):
        codes = np.where(100 * part / whole >= 40, 1, -1).astype(np.int8)
    codes[_not_known(part, whole) | (whole == 0)] = 0
    return codes


def _grid_workers(columns: Columns) -> Codes:
    workers, residents = columns["grid_workers"], columns["residents"]
    codes = np.where(1000 * workers >= 3 * residents, 1, -1).astype(np.int8)
    codes[_not_known(workers, residents)] = 0
    return codes


def _reception(columns: Columns) -> Codes:
    codes = _at_least(columns, "auxiliaries", 1)
    codes[columns["is_room"] == 0] = 2
    codes[np.isnan(columns["is_room"])] = 0
    return codes


BY_HAND: Mapping[str, Callable[[Columns], Codes]] = {
    "H2.villages_per_beat": _villages,
    "H2.urban_rooms": lambda columns: _at_least(columns, "community_rooms", 4),
    "H3.reception": _reception,
    "H3.officer_hours": lambda columns: _at_least(columns, "officer_hours_in_beat", 20),
    "H5.officer_share": _officer_share,
    "L3.grid_workers": _grid_workers,
}


# The peers: the rule's words in theirs, where they have them.


@dataclass(frozen=True)
class Translated:
    """A check in the words of `pandas.eval` and `numexpr`: everything in base units."""

    pack: Pack
    compiled: CompiledCheck
    on: dt.date

    def rule(self, peer: str) -> str:
        """The rule, and where it applies, as one two-valued expression."""
        text = self._words(self.compiled.rule.expression, peer)
        if self.compiled.applies is None:
            return text
        return f"({text}) & ({self._words(self.compiled.applies.expression, peer)})"

    def _words(self, node: Expression, peer: str) -> str:
        match node:
            case Number(value):
                return repr(value)
            case Name(name):
                return self._name(name)
            case Negative(operand) | Not(operand):
                sign = "-" if isinstance(node, Negative) else "~"
                return f"({sign}{self._words(operand, peer)})"
            case Arithmetic(sign, left, right):
                return f"({self._words(left, peer)} {sign} {self._words(right, peer)})"
            case Comparison(signs, operands):
                sides = [self._words(operand, peer) for operand in operands]
                links = zip(sides, signs, sides[1:], strict=False)
                return "(" + " & ".join(f"({a} {sign} {b})" for a, sign, b in links) + ")"
            case Logic(word, operands):
                join = " & " if word == "and" else " | "
                return "(" + join.join(self._words(operand, peer) for operand in operands) + ")"
            case Call(function, arguments):
                return self._call(function, [self._words(argument, peer) for argument in arguments])
            case _:
                raise CannotSay

    def _call(self, function: str, given: list[str]) -> str:
        if function == "share":
            return f"(100.0 * {given[0]} / {given[1]})"
        if function == "change":
            return f"(100.0 * ({given[0]} - {given[1]}) / {given[1]})"
        raise CannotSay

    def _name(self, name: str) -> str:
        if name in self.compiled.measures:
            unit = measures()[name].unit
            return name if unit is None or unit.scale == 1 else f"({name} * {float(unit.scale)!r})"
        value = next(value for id_, value in self.pack.values.items() if id_ == name)
        number = value.on(self.on)
        if number is None:
            raise CannotSay
        return repr(number * value.unit.scale.numerator / value.unit.scale.denominator)


def _peer(
    module: ModuleType | None,
    peer: str,
    translated: Translated,
    columns: Columns,
    codes: Codes,
    whole: NDArray[np.bool_],
) -> tuple[float | None, int]:
    """Seconds that a peer takes, and in how many rows without a missing value it differs."""
    if module is None:
        return None, 0
    try:
        text = translated.rule(peer)
    except CannotSay:
        return None, 0
    given = {
        name: np.nan_to_num(column).astype(bool) if measures()[name].unit is None else column
        for name, column in columns.items()
    }
    if peer == "pandas":
        frame = module.DataFrame(given)
        run: Callable[[], object] = lambda: frame.eval(text, engine="python")  # noqa: E731
    else:
        run = lambda: module.evaluate(text, local_dict=given)  # noqa: E731
    with np.errstate(all="ignore"):
        met = np.asarray(run(), dtype=bool)
        seconds = _median(run)
    return seconds, int(np.count_nonzero((met != (codes == 1)) & whole & (codes != 0)))


if __name__ == "__main__":
    sys.exit(main())
