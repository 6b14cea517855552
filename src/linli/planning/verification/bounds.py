"""Whether each beat is marked inside or outside its clause's rule as it is, against the right target.

The yardstick itself is the planners' and the reports' too, so that no two places judge a beat differently;
what it reads (residents, workload, targets) is worked out here again from places.
"""

from collections import defaultdict
from collections.abc import Iterator

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Beat
from linli.planning.verification.register import Register
from linli.planning.yardstick import Reading, reading_of, rule_of, with_measure, worth_beats

__all__ = ["bounds", "outside_bounds_as_declared"]

say = catalogue("linli.planning.verification")

ROUNDING = 2e-3
"""What rounding in the file may add to a workload."""


def bounds(known: Register) -> Iterator[Text]:
    """Each beat's mark says what its rule says, its target is the rule's, and heavy places are marked."""
    deployment = known.deployment
    for beat in deployment.beats:
        reading = reading_of(beat, deployment)
        if reading.measure is None:
            yield say("bounds.no_rule", beat=beat.id, clause=beat.clause)
        elif beat.within_rule != reading.inside:
            yield _wrongly_marked(beat, reading)
        if _heavier(beat, known) != beat.heavier_than_target:
            yield say("bounds.heavier", beat=beat.id)
        elif worth_beats(beat) != beat.worth_beats:
            yield say("bounds.worth", beat=beat.id, given=beat.worth_beats, found=worth_beats(beat))
    yield from _targets(known)


def _wrongly_marked(beat: Beat, reading: Reading) -> Text:
    if reading.inside is False:
        return _sized("bounds.outside", beat, reading)
    return say("bounds.marked", beat=beat.id, clause=beat.clause)


def _sized(key: str, beat: Beat, reading: Reading) -> Text:
    return say(
        key,
        beat=beat.id,
        value="–" if reading.value is None else f"{reading.value:,.0f}",
        unit=say(f"measure.{reading.measure}"),
        fewest="–" if reading.least is None else f"{reading.least:,.0f}",
        most="–" if reading.most is None else f"{reading.most:,.0f}",
        clause=beat.clause,
    )


def _heavier(beat: Beat, known: Register) -> bool:
    """Whether one of its places alone exceeds the beat's target, of residents where there is one."""
    places = [known.places[code] for code in beat.places]
    if beat.target_residents is not None:
        return any((place.residents or 0) > beat.target_residents for place in places)
    target = beat.target_workload
    return target is not None and any(place.workload > target + 1e-3 for place in places)


def _targets(known: Register) -> Iterator[Text]:
    """Targets are the rule's residents, or the mean workload of the station's beats of that rule, without
    places that are heavier by themselves."""
    shared: dict[tuple[str, str, object], list[Beat]] = defaultdict(list)
    for beat in known.deployment.beats:
        rule = rule_of(beat, known.deployment.beat_rules)
        if rule is None:
            continue
        rule = with_measure(rule)
        if rule.target_residents != beat.target_residents:
            yield say("bounds.target", beat=beat.id, clause=beat.clause)
        if rule.measure == "workload" and beat.target_workload is not None:
            shared[beat.station, beat.clause, rule.area].append(beat)
    for beats in shared.values():
        rest = [b for b in beats if len(b.places) > 1 or reading_of(b, known.deployment).side != 1]
        means = [sum(b.workload for b in some) / len(some) for some in (rest or beats, beats)]
        for beat in beats:
            if not any(abs((beat.target_workload or 0.0) - m) <= ROUNDING + 1e-9 * m for m in means):
                yield say("bounds.target", beat=beat.id, clause=beat.clause)


def outside_bounds_as_declared(known: Register) -> Iterator[Text]:
    """Beats that the deployment itself marks as outside their rule."""
    for beat in known.deployment.beats:
        reading = reading_of(beat, known.deployment)
        if beat.within_rule is False and reading.inside is False:
            yield _sized("bounds.declared", beat, reading)
