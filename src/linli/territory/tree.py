"""The tree of places: who is whose parent, and what is wrong with a list that is no tree.

Levels come in tiers: a village, a community, a tract and a district all stand where the units of
planning stand, so that none of them can be the parent of another. Twelve-digit codes follow
GB/T 2260 and the statistical division codes: two digits each for province, prefecture and county,
three each for township and village.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from linli.territory.model import Level

__all__ = ["TIERS", "TreeProblem", "ancestors", "parent_indices", "tree_problems"]

TIERS: dict[Level, int] = {
    Level.COUNTRY: 0,
    Level.PROVINCE: 1,
    Level.PREFECTURE: 2,
    Level.COUNTY: 3,
    Level.TOWNSHIP: 4,
    Level.COMMUNITY: 5,
    Level.VILLAGE: 5,
    Level.TRACT: 5,
    Level.DISTRICT: 5,
    Level.NATURAL_VILLAGE: 6,
    Level.BLOCK: 6,
}

PREFIXES: dict[Level, int] = {
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
}
"""How many of a code's twelve digits its children share."""

CODE_LENGTH = 12

ProblemKind = Literal[
    "code_twice", "parent_unknown", "parent_missing", "parent_cycle", "level_order", "code_prefix"
]


@dataclass(frozen=True, kw_only=True)
class TreeProblem:
    """One place that does not fit into the tree; ``other`` is the code or prefix it clashes with."""

    index: int
    kind: ProblemKind
    other: str


def parent_indices(codes: Sequence[str], parents: Sequence[str | None]) -> list[int]:
    """Index of each place's parent; -1 where it has none or an unknown one."""
    at: dict[str, int] = {}
    for index, code in enumerate(codes):
        at.setdefault(code, index)
    return [-1 if parent is None else at.get(parent, -1) for parent in parents]


def ancestors(index: int, parent: Sequence[int]) -> Iterator[int]:
    """A place and all above it, nearest first. The list must be a tree."""
    while index >= 0:
        yield index
        index = parent[index]


def tree_problems(
    codes: Sequence[str], parents: Sequence[str | None], levels: Sequence[Level | None]
) -> list[TreeProblem]:
    """All that keeps a list of places from being a tree, in the order of the list.

    A place whose level is ``None`` (it could not be read) is not judged by level.
    """
    parent = parent_indices(codes, parents)
    problems = [*_twice(codes), *_unknown(parents, parent), *_roots(codes, parents, levels)]
    problems += [TreeProblem(index=i, kind="parent_cycle", other=str(parents[i])) for i in _in_cycles(parent)]
    for index, above in enumerate(parent):
        if above >= 0 and above != index:
            problems += _against_parent(index, above, codes, levels)
    return sorted(problems, key=lambda problem: problem.index)


def _twice(codes: Sequence[str]) -> Iterator[TreeProblem]:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code and code in seen:
            yield TreeProblem(index=index, kind="code_twice", other=code)
        seen.add(code)


def _unknown(parents: Sequence[str | None], parent: Sequence[int]) -> Iterator[TreeProblem]:
    for index, above in enumerate(parent):
        if above < 0 and parents[index] is not None:
            yield TreeProblem(index=index, kind="parent_unknown", other=str(parents[index]))


def _roots(
    codes: Sequence[str], parents: Sequence[str | None], levels: Sequence[Level | None]
) -> Iterator[TreeProblem]:
    """A place without a parent is right at the top only: below it, the parent was forgotten."""
    roots = [(i, TIERS[level]) for i, level in enumerate(levels) if parents[i] is None and level is not None]
    top = min((tier for _, tier in roots), default=0)
    tiers = Counter(tier for _, tier in roots)
    for index, tier in roots:
        if tier > top and tiers[top]:
            yield TreeProblem(index=index, kind="parent_missing", other=codes[index])


def _in_cycles(parent: Sequence[int]) -> list[int]:
    """Places that are their own ancestor."""
    state = [0] * len(parent)  # 0 not seen, otherwise the number of the walk that saw it
    cycles = []
    for start in range(len(parent)):
        node, walk = start, start + 1
        while node >= 0 and state[node] == 0:
            state[node] = walk
            node = parent[node]
        if node >= 0 and state[node] == walk:
            first = node
            while True:
                cycles.append(node)
                node = parent[node]
                if node == first:
                    break
    return cycles


def _against_parent(
    index: int, above: int, codes: Sequence[str], levels: Sequence[Level | None]
) -> Iterator[TreeProblem]:
    own, upper = levels[index], levels[above]
    if own is None or upper is None:
        return
    if TIERS[upper] >= TIERS[own]:
        yield TreeProblem(index=index, kind="level_order", other=upper.value)
        return
    prefix = codes[above][: PREFIXES.get(upper, 0)]
    if _twelve(codes[index]) and _twelve(codes[above]) and not codes[index].startswith(prefix):
        yield TreeProblem(index=index, kind="code_prefix", other=prefix)


def _twelve(code: str) -> bool:
    return len(code) == CODE_LENGTH and code.isascii() and code.isdigit()
