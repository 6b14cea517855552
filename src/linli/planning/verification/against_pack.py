"""A deployment held against the policy pack that it says it follows."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import BeatRule, ClauseCheck, Deployment, PlaceSummary, Post, StaffNeed
from linli.planning.evaluation.clauses import clause_checks
from linli.planning.verification.register import Register, register
from linli.planning.verification.verdict import Verdict
from linli.policy.model import Pack
from linli.policy.planning_rules import BeatRule as PackRule
from linli.policy.planning_rules import StaffingNorm
from linli.territory.model import Level

__all__ = ["verify_against_pack"]

say = catalogue("linli.planning.verification")

CLOSE = 1e-5


@dataclass(frozen=True)
class _Held:
    known: Register
    pack: Pack
    on: dt.date


def verify_against_pack(deployment: Deployment, pack: Pack) -> tuple[Verdict, ...]:
    """Whether beat rules, requirements and clause checks are those of the pack on the plan's day."""
    held = _Held(register(deployment), pack, deployment.pack.on)
    checks: tuple[tuple[str, Callable[[_Held], Iterator[Text]], int], ...] = (
        ("same_pack", _same_pack, 1),
        ("same_rules", _same_rules, len(pack.planning.beats)),
        ("same_requirements", _same_requirements, len(deployment.staffing)),
        ("same_outcomes", _same_outcomes, len(deployment.checks)),
    )
    return tuple(
        Verdict(id=id_, title=say(f"title.{id_}"), looked_at=rows, violations=tuple(find(held)))
        for id_, find, rows in checks
    )


def _same_pack(held: _Held) -> Iterator[Text]:
    given, found = held.known.deployment.pack, held.pack
    if (given.id, given.digest) != (found.id, found.digest):
        yield say(
            "pack.digest", given=f"{given.id} {given.digest[:12]}", found=f"{found.id} {found.digest[:12]}"
        )


def _same_rules(held: _Held) -> Iterator[Text]:
    """The bounds that beats were held to are the pack's values of the day."""
    given = held.known.deployment.beat_rules
    rules = held.pack.planning.beats
    if len(given) != len(rules):
        yield say("pack.rules", given=len(given), found=len(rules))
        return
    for used, rule in zip(given, rules, strict=True):
        bounds = {
            "fewest_places": rule.minimum if rule.rule == "units_per_beat" else None,
            "most_places": rule.maximum if rule.rule == "units_per_beat" else None,
            "target_residents": rule.target if rule.rule == "residents_per_beat" else None,
        }
        for name, value in bounds.items():
            wanted = None if value is None else held.pack.value_on(value, held.on)
            if rule.rule == "one_per_unit" and name != "target_residents":
                wanted = 1
            if getattr(used, name) != wanted:
                yield _rule_differs(used, name, wanted)
        tolerance = _tolerance(rule, held)
        if tolerance is not None and not _near(used.tolerance, tolerance):
            yield _rule_differs(used, "tolerance", tolerance)
        if used.clause != rule.clause:
            yield _rule_differs(used, "clause", rule.clause)


def _tolerance(rule: PackRule, held: _Held) -> float | None:
    """The share that the pack states; ``None`` where it states none, or the rule counts places."""
    if rule.tolerance is None or rule.rule in ("one_per_unit", "units_per_beat"):
        return None
    number = held.pack.value_on(rule.tolerance, held.on)
    percent = held.pack.values[rule.tolerance].unit.text == "%"
    return None if number is None else number / 100 if percent else number


def _near(given: float | None, wanted: float) -> bool:
    return given is not None and abs(given - wanted) <= CLOSE


def _rule_differs(used: BeatRule, name: str, wanted: object) -> Text:
    return say("pack.rule", clause=used.clause, name=name, given=getattr(used, name), found=wanted)


def _same_requirements(held: _Held) -> Iterator[Text]:
    """Each requirement is a norm's value of the day times what the norm counts there."""
    members = _members(held.known)
    for need in held.known.deployment.staffing:
        norms = [
            norm
            for norm in held.pack.planning.staffing
            if (norm.clause, norm.role) == (need.clause, need.role.value) and _answers(norm, need)
        ]
        row = f"{need.clause} {need.role} {need.scope_id}"
        wanted = [exact for norm in norms if (exact := _exact(held, norm, need, members)) is not None]
        if not any(abs(exact - need.required_exact) <= CLOSE * max(1.0, exact) for exact in wanted):
            shown = ", ".join(f"{exact:.6g}" for exact in wanted) or say("unknown")
            yield say("pack.requirement", row=row, given=need.required_exact, found=shown)


def _answers(norm: StaffingNorm, need: StaffNeed) -> bool:
    """Whether a row is of the norm's scope, or its share of a wider one."""
    return norm.scope == need.scope or (need.rounded_at is not None and norm.per == "residents")


Members = dict[tuple[str, str], tuple[list[PlaceSummary], list[Post]]]
"""Places and posts of each scope's row."""


def _members(known: Register) -> Members:
    plan = known.deployment
    members: Members = {("territory", plan.territory.id): (list(plan.places), list(plan.posts))}
    for station in plan.stations:
        inside = known.at_station.get(station.id, [])
        codes = {place.code for place in inside}
        members["station", station.id] = (inside, [p for p in plan.posts if p.place in codes])
    for beat in plan.beats:
        posts = [known.posts[id_] for id_ in beat.posts]
        members["beat", beat.id] = ([known.places[code] for code in beat.places], posts)
    for post in plan.posts:
        members["post", post.id] = ([known.places[code] for code in post.serves], [post])
    for place in plan.places:
        members["place", place.code] = ([place], [])
    for post in plan.posts:
        members["place", post.place][1].append(post)
    return members


def _exact(held: _Held, norm: StaffingNorm, need: StaffNeed, members: Members) -> float | None:
    value = held.pack.value_on(norm.value, held.on)
    if value is None or (need.scope, need.scope_id) not in members:
        return None
    if norm.per == "share_of_role":
        return _share(held, norm, need, value)
    places, posts = members[need.scope, need.scope_id]
    places = [place for place in places if norm.area in ("any", place.area)]
    if norm.per == "beat":
        return value * _beats(held.known, norm, need)
    if norm.per == "post":
        areas = held.known.places
        counted = [
            p for p in posts if p.kind in norm.post_kinds and norm.area in ("any", areas[p.place].area)
        ]
        return value * len(counted)
    places = [place for place in places if not norm.levels or _stands_as(place) in norm.levels]
    if norm.per == "unit":
        return value * len(places)
    if any(place.residents is None for place in places):
        return None
    per = held.pack.values[norm.value].unit.scale
    return float(value * per * sum(place.residents or 0 for place in places))


def _share(held: _Held, norm: StaffingNorm, need: StaffNeed, value: float) -> float | None:
    percent = held.pack.values[norm.value].unit.text == "%"
    for pool in held.known.deployment.staff:
        if pool.station == need.scope_id and pool.role.value == norm.of_role:
            return pool.count * (value / 100 if percent else value)
    return None


def _beats(known: Register, norm: StaffingNorm, need: StaffNeed) -> int:
    fits = [beat for beat in known.deployment.beats if norm.area in ("any", beat.area)]
    if need.scope == "territory":
        return len(fits)
    return sum(need.scope_id in (beat.id, beat.station) for beat in fits)


def _stands_as(place: PlaceSummary) -> str | None:
    """Villages and communities as they are; other levels by their kind of area."""
    if place.level in (None, Level.VILLAGE, Level.COMMUNITY):
        return place.level
    return Level.COMMUNITY if place.area == "urban" else Level.VILLAGE


def _same_outcomes(held: _Held) -> Iterator[Text]:
    """Each clause evaluated again on the deployment gives what the deployment says."""
    again = clause_checks(held.known.deployment, held.pack, held.on)
    given = held.known.deployment.checks
    if [check.id for check in given] != [check.id for check in again]:
        yield say("pack.checks", given=len(given), found=len(again))
        return
    for old, new in zip(given, again, strict=True):
        if _compared(old) != _compared(new):
            yield say(
                "pack.outcome",
                check=old.id,
                given=say(f"status.{old.status}"),
                found=say(f"status.{new.status}"),
            )


def _compared(check: ClauseCheck) -> ClauseCheck:
    """A check without what rounding in the file may change."""
    return replace(check, inputs=(), value=_round(check.value), threshold=_round(check.threshold))


def _round(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")
