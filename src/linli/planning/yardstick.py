"""Whether a beat is inside its clause's rule, and in how many pieces it lies: the one place that says so.

Command line, page, PDF, workbook, map layers, comparison, the file's own mark (``within_rule``) and the
checker all read beats through this module. A clause measures a beat in one thing only: places, residents
or workload. That measure, held against the rule's own bounds, is the yardstick; how evenly workload lies
on beats of a rule about places is another question and is never called "inside" or "outside".
"""

from dataclasses import dataclass, replace

from linli.kernel.measures import Ratio
from linli.planning.deployment import Beat, BeatRule, Deployment, Measure

__all__ = [
    "Count",
    "Reading",
    "count_beats",
    "in_pieces",
    "judged",
    "load_ratio",
    "outside",
    "read_beat",
    "reading_of",
    "rule_of",
    "target_load",
    "with_measure",
    "worth_beats",
]

SLACK = 1e-9
"""Share of the target by which binary fractions may miss a bound: 5,500 lies within 10 % of 5,000."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One beat held against its clause's rule; ``None`` stands for what is not known or not limited."""

    measure: Measure | None
    """What the rule counts; ``None`` where the deployment has no rule for the beat."""
    value: float | None
    target: float | None
    least: float | None
    most: float | None
    inside: bool | None
    """``None`` where the value or the bounds are not known, so that nobody can tell."""

    @property
    def side(self) -> int | None:
        """−1 below the rule, 0 inside, 1 above it; ``None`` where nobody can tell."""
        if self.inside is None or self.value is None:
            return None
        if self.inside:
            return 0
        return -1 if self.least is not None and self.value < self.least else 1


@dataclass(frozen=True, kw_only=True)
class Count:
    """All beats of a deployment by the yardstick."""

    beats: int
    outside: int
    not_known: int
    """Beats whose rule needs a number that the territory does not give."""
    heavy: int
    """Beats that are one place worth more than one beat."""
    worth_beats: int
    """How many beats' people or rooms those need together."""
    in_pieces: int
    """Beats whose places do not all hang together by touching."""
    most_pieces: int

    @property
    def inside(self) -> int:
        """Beats that are known to be inside their rule."""
        return self.beats - self.outside - self.not_known

    @property
    def share_inside(self) -> Ratio | None:
        """Of the beats that can be judged; ``None`` where none can."""
        known = self.beats - self.not_known
        return Ratio(self.inside / known) if known else None


def rule_of(beat: Beat, rules: tuple[BeatRule, ...]) -> BeatRule | None:
    """The rule that sizes a beat: that of its clause for its area."""
    for rule in rules:
        if rule.clause == beat.clause and rule.area in (None, beat.area):
            return rule
    return None


def with_measure(rule: BeatRule) -> BeatRule:
    """A rule of an older file, which did not say what it measures; bounds on places have no tolerance."""
    if rule.measure is not None:
        return rule
    if rule.fewest_places is not None or rule.most_places is not None:
        return replace(rule, measure="places", tolerance=None)
    return replace(rule, measure="workload" if rule.target_residents is None else "residents")


def read_beat(beat: Beat, rule: BeatRule | None) -> Reading:
    """The beat in the measure of its rule, against the rule's bounds.

    Examples
    --------
    A rule of 5,000 residents ± 20 % accepts 4,000 to 6,000 residents; one of 4 to 6 places accepts
    those numbers of places, whatever the residents.
    """
    if rule is None:
        return Reading(measure=None, value=None, target=None, least=None, most=None, inside=None)
    rule = with_measure(rule)
    if rule.measure == "places":
        return _within("places", len(beat.places), None, rule.fewest_places, rule.most_places)
    if rule.measure == "residents":
        return _around("residents", beat.residents, rule.target_residents, rule.tolerance)
    return _around("workload", beat.workload, beat.target_workload, rule.tolerance)


def _around(measure: Measure, value: float | None, target: float | None, tolerance: float | None) -> Reading:
    if target is None or target <= 0 or tolerance is None:
        return Reading(measure=measure, value=value, target=target, least=None, most=None, inside=None)
    return _within(measure, value, target, target * (1 - tolerance), target * (1 + tolerance))


def _within(
    measure: Measure, value: float | None, target: float | None, least: float | None, most: float | None
) -> Reading:
    slack = SLACK * (target or 0.0)
    inside = None
    if value is not None:
        low = least is None or value >= least - slack
        inside = low and (most is None or value <= most + slack)
    return Reading(measure=measure, value=value, target=target, least=least, most=most, inside=inside)


def reading_of(beat: Beat, deployment: Deployment) -> Reading:
    """A beat of a deployment against the rule that the deployment carries for it."""
    return read_beat(beat, rule_of(beat, deployment.beat_rules))


def judged(beat: Beat, rules: tuple[BeatRule, ...]) -> Beat:
    """The beat with its mark ``within_rule`` as the yardstick has it."""
    return replace(beat, within_rule=read_beat(beat, rule_of(beat, rules)).inside)


def outside(deployment: Deployment) -> tuple[Beat, ...]:
    """The beats outside the rule of their clause."""
    return tuple(b for b in deployment.beats if reading_of(b, deployment).inside is False)


def in_pieces(deployment: Deployment) -> tuple[Beat, ...]:
    """The beats whose places do not all hang together by touching."""
    return tuple(beat for beat in deployment.beats if beat.parts > 1)


def count_beats(deployment: Deployment) -> Count:
    """How many beats there are, outside their rule, not to be judged, and in several pieces."""
    readings = [reading_of(beat, deployment).inside for beat in deployment.beats]
    heavy = [beat.worth_beats for beat in deployment.beats if beat.worth_beats > 1]
    return Count(
        beats=len(readings),
        outside=sum(inside is False for inside in readings),
        not_known=sum(inside is None for inside in readings),
        heavy=len(heavy),
        worth_beats=sum(heavy),
        in_pieces=len(in_pieces(deployment)),
        most_pieces=max((beat.parts for beat in deployment.beats), default=0),
    )


def target_load(beat: Beat) -> float | None:
    """What the beat's load is shown against: its target workload, else the residents of its clause."""
    return beat.target_residents if beat.target_workload is None else beat.target_workload


def load_ratio(beat: Beat) -> Ratio | None:
    """Workload ÷ target, or residents ÷ target where the clause speaks of residents; ``None`` without a
    target above zero, or where residents are not known. It is shown, and decides nothing."""
    target = target_load(beat)
    load = beat.residents if beat.target_workload is None else beat.workload
    return None if load is None or target is None or target <= 0 else Ratio(load / target)


def worth_beats(beat: Beat) -> int:
    """How many beats of the target's size a place that stands alone would fill; 1 for any other beat.

    A place that stands alone needs that many beats' people or rooms: no division makes it lighter.
    """
    ratio = load_ratio(beat)
    if len(beat.places) != 1 or not beat.heavier_than_target or ratio is None:
        return 1
    return max(1, round(ratio))
