"""The independent checker: every statement of a deployment worked out again from the deployment itself.

It uses none of the planners' code, so that a mistake in one is not repeated in the other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Deployment
from linli.planning.verification.bounds import bounds, outside_bounds_as_declared
from linli.planning.verification.journeys import journeys, travel_means
from linli.planning.verification.outcomes import outcomes
from linli.planning.verification.people import hiring, shared_out, staffing
from linli.planning.verification.posts import posts
from linli.planning.verification.register import Register, register
from linli.planning.verification.structure import (
    contiguity,
    each_place_in_one_beat,
    identifiers,
    in_pieces_as_declared,
    neighbours,
    references,
    stations,
)
from linli.planning.verification.sums import beat_sums, station_sums, workloads
from linli.planning.verification.today import today
from linli.planning.verification.verdict import Verdict

__all__ = ["verify"]

say = catalogue("linli.planning.verification")


@dataclass(frozen=True)
class _Check:
    id: str
    find: Callable[[Register], Iterator[Text]]
    rows: Callable[[Deployment], Sequence[object]]
    exceptions: Callable[[Register], Iterator[Text]] | None = None


FIRST = (
    _Check("identifiers", identifiers, lambda plan: plan.places + plan.beats + plan.posts + plan.stations),
    _Check("references", references, lambda plan: plan.places + plan.beats + plan.posts),
)
"""Without these nothing else can be looked up."""

THEN = (
    _Check("each_place_in_one_beat", each_place_in_one_beat, lambda plan: plan.places),
    _Check("stations", stations, lambda plan: plan.beats),
    _Check("neighbours", neighbours, lambda plan: plan.places),
    _Check("contiguity", contiguity, lambda plan: plan.beats, in_pieces_as_declared),
    _Check("bounds", bounds, lambda plan: plan.beats, outside_bounds_as_declared),
    _Check("today", today, lambda plan: plan.places),
    _Check("workloads", workloads, lambda plan: plan.places),
    _Check("beat_sums", beat_sums, lambda plan: plan.beats),
    _Check("station_sums", station_sums, lambda plan: plan.stations),
    _Check("posts", posts, lambda plan: plan.posts),
    _Check("journeys", journeys, lambda plan: plan.places),
    _Check("travel_means", travel_means, lambda plan: plan.beats),
    _Check("staffing", staffing, lambda plan: plan.staffing),
    _Check("shared_out", shared_out, lambda plan: plan.staffing),
    _Check("hiring", hiring, lambda plan: plan.hiring),
    _Check("outcomes", outcomes, lambda plan: plan.checks),
)


def verify(deployment: Deployment) -> tuple[Verdict, ...]:
    """Every check that needs no other file, in order.

    Where ids or references are broken, the other checks are skipped and say so. Over a road network
    journeys are skipped: they need the territory's roads.
    """
    known = register(deployment)
    first = tuple(_judge(check, known) for check in FIRST)
    if not all(verdict.passed for verdict in first):
        return first + tuple(_skip(check, say("skipped.references")) for check in THEN)
    return first + tuple(_judge(check, known) for check in THEN)


def _judge(check: _Check, known: Register) -> Verdict:
    deployment = known.deployment
    if check.id == "journeys" and deployment.territory.travel_method == "roads":
        return _skip(check, say("skipped.roads"))
    return Verdict(
        id=check.id,
        title=say(f"title.{check.id}"),
        looked_at=len(check.rows(deployment)),
        violations=tuple(check.find(known)),
        exceptions=() if check.exceptions is None else tuple(check.exceptions(known)),
    )


def _skip(check: _Check, reason: Text) -> Verdict:
    return Verdict(id=check.id, title=say(f"title.{check.id}"), looked_at=0, violations=(), skipped=reason)
