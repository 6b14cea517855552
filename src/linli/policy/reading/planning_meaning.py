"""Whether the planner's rules point at values of the pack that have the right unit."""

from collections.abc import Iterator
from typing import Final

from linli.kernel.errors import Where
from linli.kernel.identifiers import ValueId
from linli.kernel.units import PERCENT, RATIO, Unit, parse_unit
from linli.policy.model import Pack
from linli.policy.planning_rules import BeatRule, StaffingNorm
from linli.policy.reading.table import Findings, close_name

__all__ = ["check_planning"]

PERSON: Final = parse_unit("person")
UNITS_GROUPED: Final = tuple(parse_unit(name) for name in ("village", "community", "place"))
BEATS_COUNTED: Final = tuple(parse_unit(name) for name in ("beat", "post"))

Wanted = tuple[str, ValueId | None, tuple[Unit, ...]]


def check_planning(pack: Pack, findings: Findings) -> None:
    """Add a finding for every value the planner needs that is missing or has another unit."""
    for key, name, units in _wanted(pack):
        if name is None:
            continue
        where = Where("planning.toml", key=key)
        if name not in pack.values:
            close = close_name(name, list(pack.values))
            kind = "planning.value" if close is None else "planning.value_close"
            findings.add(kind, where, name, close=close)
        elif not any(pack.values[name].unit == unit for unit in units):
            expected = ", ".join(unit.text for unit in units)
            findings.add("planning.unit", where, pack.values[name].unit.text, value=name, units=expected)


def _wanted(pack: Pack) -> Iterator[Wanted]:
    rules = pack.planning
    for position, rule in enumerate(rules.beats, 1):
        yield from _wanted_by_beats(f"beats[{position}]", rule)
    for position, post in enumerate(rules.posts, 1):
        yield f"posts[{position}].beyond", post.beyond, (parse_unit("min"),)
    workload = rules.workload
    yield "workload.residents", workload.residents, (RATIO,)
    yield "workload.incidents", workload.incidents, (parse_unit("resident/case"),)
    yield "workload.premises", workload.premises, (parse_unit("resident/premises"),)
    for position, norm in enumerate(rules.staffing, 1):
        yield from _wanted_by_norm(f"staffing[{position}]", norm)


def _wanted_by_beats(key: str, rule: BeatRule) -> Iterator[Wanted]:
    yield f"{key}.minimum", rule.minimum, UNITS_GROUPED
    yield f"{key}.maximum", rule.maximum, UNITS_GROUPED
    yield f"{key}.target", rule.target, (parse_unit("resident"),)
    yield f"{key}.total", rule.total, BEATS_COUNTED
    yield f"{key}.tolerance", rule.tolerance, (PERCENT,)


def _wanted_by_norm(key: str, norm: StaffingNorm) -> Iterator[Wanted]:
    units = {
        "residents": (parse_unit("person/1000 resident"),),
        "share_of_role": (PERCENT,),
    }.get(norm.per, (PERSON,))
    yield f"{key}.value", norm.value, units
    yield f"{key}.maximum", norm.maximum, units
