"""Whether the arithmetic of staffing and hiring holds: rounding up, gaps, people to add."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from math import ceil

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import StaffNeed
from linli.planning.verification.register import Register

__all__ = ["hiring", "shared_out", "staffing"]

say = catalogue("linli.planning.verification")

WHOLE = 1e-6
"""A requirement this close above a whole number is that number: rounding in the file adds no person."""


def staffing(known: Register) -> Iterator[Text]:
    """Each requirement is its exact figure rounded up, each gap what is missing, each scope real."""
    scopes: Mapping[str, Container[str]] = {
        "beat": known.beats,
        "post": known.posts,
        "place": known.places,
        "station": known.stations,
        "territory": {known.deployment.territory.id},
    }
    for need in known.deployment.staffing:
        row = f"{need.clause} {need.role} {need.scope_id}"
        if need.scope_id not in scopes[need.scope]:
            yield say("staffing.scope", row=row)
        if need.rounded_at is None and need.required != ceil(need.required_exact - WHOLE):
            yield say("staffing.rounding", row=row, exact=need.required_exact, given=need.required)
        if need.have is not None and need.have < 0:
            yield say("staffing.negative", row=row, given=need.have)
        if need.gap != _missing(need.required, need.have):
            yield say(
                "staffing.gap", row=row, required=need.required, have=_shown(need.have), gap=_shown(need.gap)
            )


def shared_out(known: Register) -> Iterator[Text]:
    """Requirements that are rounded together add up to their sum rounded up, each within one person."""
    groups: dict[tuple[str, str, str], list[StaffNeed]] = defaultdict(list)
    for need in known.deployment.staffing:
        if need.rounded_at is not None:
            groups[need.clause, need.role, need.rounded_at].append(need)
    for (clause, role, wider), needs in groups.items():
        exact = sum(need.required_exact for need in needs)
        given = sum(need.required for need in needs)
        off = [need.scope_id for need in needs if abs(need.required - need.required_exact) >= 1 + WHOLE]
        if off or given != ceil(exact - WHOLE * len(needs)):
            yield say("staffing.shared", row=f"{clause} {role} {wider}", exact=f"{exact:.6g}", given=given)


def hiring(known: Register) -> Iterator[Text]:
    """Each step adds what is still missing by its date, and never less than the step before."""
    so_far: dict[tuple[str, str], int] = {}
    for step in sorted(known.deployment.hiring, key=lambda step: step.by):
        key = (step.clause, step.role)
        missing = _missing(step.required - (step.to_designate or 0), step.have)
        expected = None if missing is None or step.to_add is None else max(so_far.get(key, 0), missing)
        if step.to_add != expected:
            yield say(
                "staffing.gap",
                row=f"{step.clause} {step.role} {step.by}",
                required=step.required,
                have=_shown(step.have),
                gap=_shown(step.to_add),
            )
        so_far[key] = max(so_far.get(key, 0), step.to_add or 0)


def _missing(required: int, have: int | None) -> int | None:
    return None if have is None else max(0, required - have)


def _shown(value: int | None) -> object:
    return say("unknown") if value is None else value
