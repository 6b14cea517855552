"""Territory + pack + day + seed → deployment: beats, then posts, then people, then clause checks."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linli import __version__
from linli.kernel.errors import LinliError
from linli.kernel.measures import Kilometres, Minutes
from linli.kernel.seeds import Seed
from linli.kernel.texts import Text, catalogue
from linli.planning import beats as planner
from linli.planning.composition.assume import closing_assumptions
from linli.planning.composition.draw import (
    Drawing,
    beat_areas,
    draw_beats,
    draw_places,
    draw_posts,
    draw_stations,
)
from linli.planning.composition.grouping import Group, applied_rules, groups_of, planner_rules
from linli.planning.composition.people import People, Scopes, plan_people
from linli.planning.composition.pieces import pieces_assumption
from linli.planning.composition.rooms import Rooms, place_posts
from linli.planning.composition.sites import unit_sites
from linli.planning.composition.table import UnitTable
from linli.planning.composition.today import KEEPING, Today, keeping_of, reasons_of, standing_of
from linli.planning.composition.travel import Journeys, journeys_of
from linli.planning.composition.units import unit_assumptions, unit_table, weights_of
from linli.planning.deployment import (
    FORMAT,
    Assumption,
    Deployment,
    LeftReason,
    PackReference,
    SearchSummary,
    TerritoryReference,
    WorkloadWeights,
)
from linli.planning.evaluation.clauses import clause_checks
from linli.planning.search import AnyOf, MaxIterations, Progress, Requested, Search, Stop, Watched
from linli.policy.model import Pack
from linli.territory.adjacency import neighbour_pairs
from linli.territory.model import Territory
from linli.territory.travel import great_circle_kilometres
from linli.territory.units import Units, planning_units

__all__ = ["Part", "Watch", "compose"]

say = catalogue("linli.planning.composition")

Part = str
"""``beats``, ``siting`` or ``staffing``."""

Watch = Callable[[Part, Progress], None]
"""Is shown each step of each part."""

SITING_ROUNDS = 100_000
POSTINGS = 10_000_000
"""Iterations that the two later planners never reach: they end by themselves."""


def _nobody(part: Part, progress: Progress) -> None:
    """Nobody watches."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What the plan is for and when to stop."""

    territory: Territory
    pack: Pack
    on: dt.date
    seed: Seed
    limit: Stop | None
    interrupted: threading.Event
    watch: Watch
    params: planner.BeatParams
    keep: float

    def stop(self, part: Part, iterations: int) -> Stop:
        """Stop by count; a limit and Ctrl-C only cap, and only the division into beats: the other
        searches are short, and half the people posted would look like gaps."""
        rules: tuple[Stop, ...] = (MaxIterations(iterations),)
        if part == "beats":
            rules += (
                (Requested(self.interrupted),)
                if self.limit is None
                else (Requested(self.interrupted), self.limit)
            )
        return Watched(AnyOf(rules), lambda progress: self.watch(part, progress))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Ground:
    """The units and their groups, ready for the planners."""

    source: Units
    weights: WorkloadWeights
    table: UnitTable
    groups: tuple[Group, ...]
    rules: tuple[planner.Rule, ...]
    journeys: Journeys


def compose(
    territory: Territory,
    pack: Pack,
    *,
    on: dt.date,
    seed: Seed,
    limit: Stop | None = None,
    interrupted: threading.Event | None = None,
    watch: Watch = _nobody,
    params: planner.BeatParams | None = None,
    keep: float = KEEPING,
) -> Deployment:
    """The deployment of a territory under a pack on a day.

    Parameters
    ----------
    on
        The day whose values apply; later dates of the pack become hiring steps.
    seed
        The same input and seed give the same deployment.
    limit
        An extra rule to stop by, such as a deadline; the searches then say that it struck.
    interrupted
        Set by Ctrl-C: the best plan so far is finished and returned.
    watch
        Shown each step of each search.
    params
        How hard the search for beats tries; ``None`` takes the planner's defaults.
    keep
        Price of a place that leaves the beat it has today, in a typical beat's travel: 0 forgets today's
        beats, 0.5 keeps them where the rule allows, 1,000 keeps them before rule and travel.

    Raises
    ------
    LinliError
        The territory has no unit with a position, the day lies before the pack's values, or a rule
        needs residents that the territory does not give.
    """
    wanted = _Wanted(
        territory=territory,
        pack=pack,
        on=on,
        seed=seed,
        limit=limit,
        interrupted=threading.Event() if interrupted is None else interrupted,
        watch=watch,
        params=planner.BeatParams() if params is None else params,
        keep=keep,
    )
    ground = _prepare(wanted)
    today = standing_of(ground.table, keep)
    problem, answer = _divide(wanted, ground, today)
    areas = beat_areas(answer, ground.groups, ground.table)
    sites, unplaced = unit_sites(territory, ground.table)
    rooms = place_posts(
        ground.table,
        answer.assignment.astype(np.int64),
        centres=answer.centres.astype(np.int64),
        areas=areas,
        existing=sites,
        journeys=ground.journeys,
        pack=pack,
        on=on,
        seed=seed,
        stop=wanted.stop("siting", SITING_ROUNDS),
    )
    reasons = reasons_of(today, problem, answer, ground.journeys.minutes)
    drawing = _drawing(wanted, ground, answer, rooms, today, reasons)
    scopes = Scopes(
        territory=territory.id,
        stations=draw_stations(ground.table, ground.source.stations),
        beats=draw_beats(drawing, areas),
        posts=draw_posts(drawing),
        places=draw_places(drawing),
    )
    people = plan_people(scopes, territory, pack, on=on, seed=seed, stop=wanted.stop("staffing", POSTINGS))
    assumptions = (
        *unit_assumptions(territory, ground.source, ground.table, pack),
        *unplaced,
        *closing_assumptions(drawing, pack, on),
        *pieces_assumption(scopes.beats),
        *people.assumptions,
    )
    return _assemble(wanted, ground, drawing, scopes, people, assumptions)


def _prepare(wanted: _Wanted) -> _Ground:
    source = planning_units(wanted.territory)
    weights = weights_of(wanted.pack, wanted.on)
    table = unit_table(wanted.territory, source, weights)
    groups = groups_of(table, wanted.pack)
    table = replace(table, edges=_edges(source, table, groups))
    _refuse_missing_residents(table, groups)
    rules = planner_rules(groups, table, wanted.pack, wanted.on)
    journeys = journeys_of(wanted.territory, source)
    return _Ground(source=source, weights=weights, table=table, groups=groups, rules=rules, journeys=journeys)


def _edges(source: Units, table: UnitTable, groups: tuple[Group, ...]) -> NDArray[np.int32]:
    """Who touches whom. Where neighbours are estimated from positions, villages around a town touch
    each other across it: the estimate is made among the places that share a rule as well."""
    if source.adjacency_method != "gabriel":
        return source.pairs
    label = np.empty(len(table), dtype=np.int32)
    for number, group in enumerate(groups):
        label[group.members] = number
    alike = neighbour_pairs(source.x, source.y, station=label).pairs
    return np.unique(np.concatenate([source.pairs, alike]), axis=0).astype(np.int32)


def _refuse_missing_residents(table: UnitTable, groups: tuple[Group, ...]) -> None:
    """A rule about residents cannot be kept where their number is not known."""
    for group in groups:
        if group.rule.rule == "residents_per_beat":
            missing = group.members[np.isnan(table.residents[group.members])]
            if len(missing):
                name, clause = table.names[missing[0]], group.rule.clause
                total = int(np.isnan(table.residents).sum())
                raise LinliError(say("residents_needed", clause=clause, name=name, count=total))


def _divide(
    wanted: _Wanted, ground: _Ground, today: Today | None
) -> tuple[planner.BeatProblem, planner.BeatResult]:
    table = ground.table
    group = np.empty(len(table), dtype=np.int32)
    for number, one in enumerate(ground.groups):
        group[one.members] = number
    problem = planner.BeatProblem(
        workload=table.loads,
        residents=table.weights,
        group=group,
        edges=table.edges.astype(np.int32).reshape(-1, 2),
        travel=ground.journeys.for_beats([one.members for one in ground.groups]),
        rules=ground.rules,
        prices=planner.Prices() if today is None else planner.Prices(moved=today.weight),
    )
    stop = wanted.stop("beats", wanted.params.length(len(table)))
    start = None if today is None else today.start
    return problem, planner.solve(problem, stop=stop, seed=wanted.seed, params=wanted.params, start=start)


def _drawing(
    wanted: _Wanted,
    ground: _Ground,
    answer: planner.BeatResult,
    rooms: Rooms,
    today: Today | None,
    reasons: tuple[LeftReason | None, ...],
) -> Drawing:
    applied = applied_rules(wanted.pack, wanted.on)
    return Drawing(
        units=ground.table,
        groups=ground.groups,
        rules=ground.rules,
        applied={id(rule): used for rule, used in zip(wanted.pack.planning.beats, applied, strict=True)},
        stations=ground.source.stations,
        answer=answer,
        rooms=rooms,
        today=today,
        reasons=reasons,
    )


def _assemble(
    wanted: _Wanted,
    ground: _Ground,
    drawing: Drawing,
    scopes: Scopes,
    people: People,
    assumptions: tuple[Assumption, ...],
) -> Deployment:
    table, rooms = ground.table, drawing.rooms
    home = rooms.centres[drawing.answer.assignment]
    kilometres = great_circle_kilometres(
        table.longitude, table.latitude, table.longitude[home], table.latitude[home]
    )
    deployment = Deployment(
        format=FORMAT,
        linli_version=__version__,
        territory=_territory(wanted.territory, ground),
        pack=PackReference(
            id=wanted.pack.id, title=wanted.pack.title, digest=wanted.pack.digest, on=wanted.on
        ),
        seed=wanted.seed,
        weights=ground.weights,
        mean_minutes=Minutes(float(np.average(rooms.to_centre, weights=table.weights))),
        mean_distance=Kilometres(float(np.average(kilometres, weights=table.weights))),
        stations=scopes.stations,
        places=scopes.places,
        beats=scopes.beats,
        posts=scopes.posts,
        staffing=people.needs,
        hiring=people.hiring,
        checks=(),
        assumptions=tuple(dict.fromkeys(assumptions)),
        searches=_searches(wanted, drawing, people),
        beat_rules=tuple(drawing.applied.values()),
        staff=people.staff,
        keeping=keeping_of(drawing.today, drawing.answer),
    )
    return replace(deployment, checks=clause_checks(deployment, wanted.pack, wanted.on))


def _territory(territory: Territory, ground: _Ground) -> TerritoryReference:
    wanted = set(ground.table.codes)
    synthetic = {name for place in territory.places if place.code in wanted for name in place.synthetic}
    return TerritoryReference(
        id=territory.id,
        name=territory.name,
        digest=territory.digest,
        synthetic=tuple(sorted(synthetic | territory.synthetic_tables)),
        sources=tuple(
            Text(
                zh=f"{(source.attribution or source.title).zh}（{source.licence}）",
                en=f"{(source.attribution or source.title).en} ({source.licence})",
            )
            for source in territory.sources
        ),
        travel_method=ground.journeys.method,
        travel_note=ground.journeys.note,
        adjacency_method=ground.source.adjacency_method,
        detour=ground.journeys.detour,
        speed=ground.journeys.speed,
    )


def _searches(wanted: _Wanted, drawing: Drawing, people: People) -> tuple[SearchSummary, ...]:
    siting = float((drawing.units.weights * np.nan_to_num(drawing.rooms.to_room)).sum())
    rooms = Search(objective=siting, bound=None, iterations=0, seed=wanted.seed, ended="optimal")
    found = (
        ("beats", "annealing over pairs of neighbouring beats", drawing.answer.search),
        ("siting", "1-median of each beat", replace(rooms, bound=siting)),
        ("staffing", "lexicographic max-min", people.search),
    )
    struck = wanted.interrupted.is_set()
    return tuple(
        SearchSummary(
            part=part,  # type: ignore[arg-type]
            method=method,
            objective=search.objective,
            bound=search.bound,
            gap=search.gap,
            iterations=search.iterations,
            ended="interrupted" if struck and search.ended == "limit" else search.ended,
        )
        for part, method, search in found
    )
