"""People that dated norms ask for, as the staffing planner's problem, and its answer as rows of the plan."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from linli.kernel.identifiers import ClauseId, StationId
from linli.kernel.measures import Ratio
from linli.kernel.seeds import Seed
from linli.kernel.texts import Text, catalogue
from linli.planning import staffing as planner
from linli.planning.deployment import (
    Assumption,
    Beat,
    HiringStep,
    PlaceSummary,
    Post,
    StaffNeed,
    StaffPool,
    StationSummary,
)
from linli.planning.evaluation.levels import counts_as
from linli.planning.search import Search, Stop
from linli.policy.model import Pack
from linli.policy.planning_rules import StaffingNorm
from linli.territory.model import Role, Territory

__all__ = ["People", "Scopes", "plan_people"]

say = catalogue("linli.planning.composition")

ScopeName = Literal["beat", "post", "place", "station", "territory"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scopes:
    """Where people can be asked for."""

    territory: str
    stations: tuple[StationSummary, ...]
    beats: tuple[Beat, ...]
    posts: tuple[Post, ...]
    places: tuple[PlaceSummary, ...]


@dataclass(frozen=True, kw_only=True)
class People:
    """The answer as rows of the deployment, with what it takes for granted."""

    needs: tuple[StaffNeed, ...]
    hiring: tuple[HiringStep, ...]
    staff: tuple[StaffPool, ...]
    assumptions: tuple[Assumption, ...]
    search: Search


@dataclass(frozen=True, kw_only=True)
class _Row:
    """What a norm counts in one scope: beats, posts, places or residents; ``None`` where not known."""

    scope: ScopeName
    id: str
    station: str | None
    counted: float | None


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A norm's value from a day on, in one scope."""

    norm: StaffingNorm
    row: _Row
    value: float
    exact: float
    effective: dt.date | None
    rounded_at: str | None = None


def plan_people(
    scopes: Scopes, territory: Territory, pack: Pack, *, on: dt.date, seed: Seed, stop: Stop
) -> People:
    """Staff every scope by the pack's norms with the people of the territory's staff table."""
    assumptions: list[Assumption] = []
    asked: list[_Asked] = []
    shares: list[planner.ShareNorm] = []
    for norm in pack.planning.staffing:
        if norm.per == "share_of_role":
            shares += _shares(norm, scopes, pack, on)
            continue
        shared = _shared_rows(norm, scopes)
        rows = shared or list(_rows(norm, scopes))
        for row in rows:
            wider = _wider(norm, row, scopes) if shared else None
            asked += [replace(one, rounded_at=wider) for one in _dated(norm, row, pack, on)]
        assumptions += _unknown(norm, rows, pack, on)
    supplies = _supplies(territory)
    problem = planner.StaffingProblem(
        on=on,
        demands=tuple(_demand(one) for one in asked if one.row.scope not in ("station", "territory")),
        totals=tuple(_total(one) for one in asked if one.row.scope in ("station", "territory")),
        shares=tuple(shares),
        supplies=supplies,
    )
    result = planner.solve(problem, stop=stop, seed=seed, params=planner.StaffingParams())
    return People(
        needs=tuple(_needs(result, asked, pack)),
        hiring=_hiring(result),
        staff=_staff(supplies, result),
        assumptions=(*assumptions, *_staff_assumptions(territory, pack, scopes)),
        search=result.search,
    )


def _shared_rows(norm: StaffingNorm, scopes: Scopes) -> list[_Row]:
    """Beats among which a wider norm on residents is shared out, so that each beat knows its part.

    None where a beat's residents are not known: then only the wider scope can be spoken of.
    """
    if norm.per != "residents" or norm.scope not in ("station", "territory"):
        return []
    rows = list(_rows(replace(norm, scope="beat"), scopes))
    return [] if any(row.counted is None for row in rows) else rows


def _wider(norm: StaffingNorm, row: _Row, scopes: Scopes) -> str | None:
    return scopes.territory if norm.scope == "territory" else row.station


def _rows(norm: StaffingNorm, scopes: Scopes) -> Iterator[_Row]:
    """One row for each scope in which the norm counts anything."""
    counted = _counted(norm, scopes)
    if norm.scope == "territory":
        yield _Row(scope="territory", id=scopes.territory, station=None, counted=_sum(counted))
        return
    grouped: dict[str, list[tuple[str, float | None]]] = defaultdict(list)
    for ids, number in counted:
        if ids.get(norm.scope) is not None:
            grouped[ids[norm.scope]].append((ids["station"], number))
    for id_ in sorted(grouped):
        rows = grouped[id_]
        total = _sum([({}, number) for _, number in rows])
        yield _Row(scope=norm.scope, id=id_, station=rows[0][0], counted=total)


Counted = tuple[dict[str, str], float | None]
"""Where a thing lies, by scope, and how much it counts."""


def _counted(norm: StaffingNorm, scopes: Scopes) -> list[Counted]:
    """Everything that the norm counts, one by one."""
    if norm.per == "beat":
        beats = [beat for beat in scopes.beats if _in_area(norm, beat.area)]
        return [({"beat": beat.id, "station": beat.station}, 1.0) for beat in beats]
    if norm.per == "post":
        return list(_posts_counted(norm, scopes))
    return list(_places_counted(norm, scopes))


def _posts_counted(norm: StaffingNorm, scopes: Scopes) -> Iterator[Counted]:
    places = {place.code: place for place in scopes.places}
    for post in scopes.posts:
        place = places[post.place]
        if post.kind.value in norm.post_kinds and _in_area(norm, place.area):
            where = {"post": post.id, "beat": post.beats[0], "place": post.place, "station": place.station}
            yield where, 1.0


def _places_counted(norm: StaffingNorm, scopes: Scopes) -> Iterator[Counted]:
    home = {code: beat.id for beat in scopes.beats for code in beat.places}
    server = {code: post.id for post in scopes.posts for code in post.serves}
    for place in scopes.places:
        if not _in_area(norm, place.area) or not _of_level(norm, place):
            continue
        where = {"place": place.code, "beat": home[place.code], "station": place.station}
        if place.code in server:
            where["post"] = server[place.code]
        yield where, 1.0 if norm.per == "unit" else place.residents


def _in_area(norm: StaffingNorm, area: object) -> bool:
    return norm.area == "any" or area == norm.area


def _of_level(norm: StaffingNorm, place: PlaceSummary) -> bool:
    if not norm.levels or place.level is None or place.area is None:
        return True
    return counts_as(place.level, place.area).value in norm.levels


def _sum(counted: list[Counted]) -> float | None:
    numbers = [number for _, number in counted]
    return None if any(number is None for number in numbers) else float(sum(n or 0.0 for n in numbers))


def _dated(norm: StaffingNorm, row: _Row, pack: Pack, on: dt.date) -> Iterator[_Asked]:
    """The norm's value on the day and each later value, as far as value and count are known."""
    value = pack.values[norm.value]
    scale = float(value.unit.scale) if norm.per == "residents" else 1.0
    for entry in value.entries:
        if entry.end is not None and entry.end < on:
            continue
        if entry.value is None or row.counted is None:
            continue
        yield _Asked(
            norm=norm,
            row=row,
            value=entry.value,
            # 3 × 1,104,391 ÷ 1,000 is 3313.1730000000002 in binary, which nobody asked for.
            exact=round(entry.value * scale * row.counted, 9),
            effective=entry.start if entry.start > on else None,
        )


def _unknown(norm: StaffingNorm, rows: list[_Row], pack: Pack, on: dt.date) -> Iterator[Assumption]:
    role = say(f"role.{norm.role}")
    unknown = sum(row.counted is None for row in rows)
    if unknown:
        text = say("assume.need_unknown", role=role, clause=norm.clause, count=unknown)
        yield Assumption(topic="staffing", text=text, clause=norm.clause)
    if pack.value_on(norm.value, on) is None:
        title = pack.values[norm.value].title
        text = say("assume.norm_not_in_force", role=role, clause=norm.clause, value=title, on=on)
        yield Assumption(topic="staffing", text=text, clause=norm.clause)
    if not norm.firm:
        text = say("assume.norm_not_firm", role=role, clause=norm.clause)
        yield Assumption(topic="staffing", text=text, clause=norm.clause)


def _scope_key(row: _Row) -> str:
    return f"{row.scope}:{row.id}"


def _demand(one: _Asked) -> planner.Demand:
    return planner.Demand(
        scope=_scope_key(one.row),
        role=one.norm.role,
        clause=one.norm.clause,
        required_exact=one.exact,
        station=one.row.station,
        effective=one.effective,
        firm=one.norm.firm,
        rounded_at=one.rounded_at,
    )


def _total(one: _Asked) -> planner.TotalNorm:
    return planner.TotalNorm(
        role=one.norm.role,
        clause=one.norm.clause,
        required_exact=one.exact,
        station=one.row.id if one.row.scope == "station" else None,
        effective=one.effective,
    )


def _shares(norm: StaffingNorm, scopes: Scopes, pack: Pack, on: dt.date) -> Iterator[planner.ShareNorm]:
    """The share at each station, from each of its days on."""
    value = pack.values[norm.value]
    divisor = 100.0 if value.unit.text == "%" else 1.0
    for entry in value.entries:
        if entry.value is None or (entry.end is not None and entry.end < on):
            continue
        for station in scopes.stations:
            yield planner.ShareNorm(
                station=station.id,
                role=norm.role,
                of=norm.of_role or Role.OFFICER.value,
                clause=norm.clause,
                share=Ratio(entry.value / divisor),
                effective=entry.start if entry.start > on else None,
            )


def _supplies(territory: Territory) -> tuple[planner.Supply, ...]:
    """People by station and role; rows for one place of a station count for their station."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in territory.staff:
        counts[row.station, row.role.value] += row.count
    return tuple(
        planner.Supply(pool=station, role=role, count=count, stations=(station,))
        for (station, role), count in sorted(counts.items())
    )


def _needs(result: planner.StaffingResult, asked: list[_Asked], pack: Pack) -> Iterator[StaffNeed]:
    by_key = {
        (one.norm.clause, one.norm.role, _need_scope(one.row)): one
        for one in sorted(asked, key=lambda one: one.effective or dt.date.min, reverse=True)
        if one.effective is None
    }
    for need in result.needs:
        one = by_key.get((ClauseId(need.clause), need.role, need.scope))
        if need.kind == "share":
            formula = _share_formula(result, need)
            if formula is None:
                continue
            yield _need(need, "station", need.scope, formula)
        elif one is not None:
            formula = _formula(one, pack)
            yield _need(need, one.row.scope, one.row.id, formula, rounded_at=one.rounded_at)


def _need_scope(row: _Row) -> str:
    """The id that the planner answers under: totals go by station, or nothing for the territory."""
    if row.scope == "territory":
        return ""
    return row.id if row.scope == "station" else _scope_key(row)


def _need(
    need: planner.Need, scope: ScopeName, scope_id: str, formula: Text, *, rounded_at: str | None = None
) -> StaffNeed:
    return StaffNeed(
        clause=ClauseId(need.clause),
        role=Role(need.role),
        scope=scope,
        scope_id=scope_id,
        required=need.required,
        required_exact=need.required_exact,
        have=need.have,
        gap=need.gap,
        formula=formula,
        rounded_at=rounded_at,
    )


def _formula(one: _Asked, pack: Pack) -> Text:
    unit = pack.values[one.norm.value].unit
    key: str = one.norm.per
    if key == "residents" and unit.scale != Fraction(1, 1000):
        key = "residents_scaled"
    formula = say(
        f"formula.{key}",
        value=f"{one.value:g}",
        counted=f"{one.row.counted:,.0f}",
        exact=f"{one.exact:,.9g}",
        **({"unit": unit} if key == "residents_scaled" else {}),
    )
    return formula if one.rounded_at is None else say("formula.shared_out", formula=formula)


def _share_formula(result: planner.StaffingResult, need: planner.Need) -> Text | None:
    """How a share follows from the station's people; ``None`` where their number is not known."""
    for row in result.designations:
        if (row.station, row.clause, row.role) == (need.scope, need.clause, need.role):
            if row.people is None:
                return None
            return say(
                "formula.share_of_role",
                share=f"{row.share * 100:g}",
                people=row.people,
                exact=f"{row.required_exact:g}",
            )
    return None


def _hiring(result: planner.StaffingResult) -> tuple[HiringStep, ...]:
    return tuple(
        HiringStep(
            by=row.by,
            clause=ClauseId(row.clause),
            role=Role(row.role),
            required=row.required,
            have=row.have,
            to_add=row.to_add,
            to_designate=row.to_designate,
        )
        for row in result.hiring
        if row.clause is not None
        and row.station is None
        # A share of officers whose number is not known asks for a number that is not known: not for none.
        and not (row.required == 0 and row.have is None)
    )


def _staff(supplies: tuple[planner.Supply, ...], result: planner.StaffingResult) -> tuple[StaffPool, ...]:
    designated: dict[tuple[str, str], int] = defaultdict(int)
    for row in result.designations:
        key = (row.station, row.role)
        designated[key] = max(designated[key], row.to_designate or 0)
    return tuple(
        StaffPool(
            station=StationId(s.pool),
            role=Role(s.role),
            count=s.count,
            designated=designated[s.pool, s.role],
        )
        for s in supplies
    )


def _staff_assumptions(territory: Territory, pack: Pack, scopes: Scopes) -> Iterator[Assumption]:
    if not territory.staff:
        yield Assumption(topic="staff", text=say("assume.no_staff"))
        return
    given = {(row.role.value, row.station) for row in territory.staff}
    roles = {norm.role for norm in pack.planning.staffing} | {
        norm.of_role for norm in pack.planning.staffing if norm.of_role is not None
    }
    for role in sorted(roles):
        stations = [s for s in scopes.stations if (role, s.id) not in given]
        key = "assume.role_missing" if len(stations) == len(scopes.stations) else "assume.role_missing_some"
        if stations:
            text = say(key, role=say(f"role.{role}"), count=len(stations))
            yield Assumption(topic="staff", text=text)
