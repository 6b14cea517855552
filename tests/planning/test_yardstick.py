"""One yardstick: a beat is held against its own clause's rule, and everything that shows it agrees."""

import json
from dataclasses import replace

import pytest

from linli.io.deployment import deployment_text, parse_deployment
from linli.kernel.measures import Ratio, Workload
from linli.planning.comparison import compare
from linli.planning.deployment import FORMAT, BeatRule
from linli.planning.yardstick import judged, load_ratio, read_beat, target_load
from planning.sound import sound_deployment

SOUND = sound_deployment()
BEAT = replace(
    SOUND.beats[0], residents=900, workload=Workload(1200.0), target_workload=None, target_residents=None
)


def test_a_target_workload_comes_first() -> None:
    beat = replace(BEAT, target_workload=Workload(1000.0), target_residents=450.0)
    assert target_load(beat) == 1000.0
    assert load_ratio(beat) == 1.2


def test_residents_are_held_against_a_target_of_residents() -> None:
    beat = replace(BEAT, target_residents=1000.0)
    assert target_load(beat) == 1000.0
    assert load_ratio(beat) == 0.9
    assert load_ratio(replace(beat, residents=None)) is None


def test_without_a_target_above_zero_there_is_no_ratio() -> None:
    assert load_ratio(BEAT) is None
    assert load_ratio(replace(BEAT, target_workload=Workload(0.0))) is None


RULE = BeatRule(
    clause=BEAT.clause,
    area=None,
    fewest_places=None,
    most_places=None,
    target_residents=1000.0,
    tolerance=Ratio(0.1),
    measure="residents",
)


# Mend 10
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("residents", "inside", "side"),
    [
        (899, False, -1),
        (900, True, 0),
        (1000, True, 0),
        (1100, True, 0),
        (1101, False, 1),
        (None, None, None),
    ],
)
def test_a_rule_of_residents_is_kept_within_its_own_tolerance(
    residents: int | None, inside: bool | None, side: int | None
) -> None:
    reading = read_beat(replace(BEAT, residents=residents, target_residents=1000.0), RULE)
    assert (reading.inside, reading.side) == (inside, side)
    assert judged(replace(BEAT, residents=residents), (RULE,)).within_rule is inside


# Mend 10
@pytest.mark.any_database
def test_a_rule_of_places_counts_places_and_a_rule_of_workload_weighs_them() -> None:
    three = replace(BEAT, places=SOUND.beats[0].places, target_workload=Workload(1000.0))
    places = replace(RULE, measure="places", target_residents=None, fewest_places=4, most_places=6)
    assert read_beat(three, places).inside is False
    assert read_beat(three, replace(places, fewest_places=3)).inside is True
    workload = replace(RULE, measure="workload", target_residents=None)
    assert read_beat(three, workload).inside is False
    assert read_beat(three, replace(workload, tolerance=Ratio(0.2))).inside is True
    assert read_beat(replace(three, target_workload=None), workload).inside is None
    assert read_beat(three, None).inside is None


# Mend 10
@pytest.mark.any_database
def test_a_comparison_counts_what_is_outside_its_own_rule_and_in_pieces() -> None:
    near = replace(BEAT, target_residents=1000.0)
    far = replace(BEAT, target_residents=1000.0, residents=3000, parts=3)
    count = compare(*[replace(SOUND, beats=(near, far), beat_rules=(RULE,))] * 2).balance.left.count
    assert (count.beats, count.outside, count.in_pieces, count.most_pieces) == (2, 1, 1, 3)
    assert count.share_inside == 0.5


# Mend 10
@pytest.mark.any_database
def test_an_older_file_is_read_and_judged_by_the_measure_of_its_rules() -> None:
    """Before, every beat of a rule of residents was marked inside, whatever its residents."""
    rule = replace(RULE, target_residents=4000.0)
    beats = tuple(replace(b, target_residents=4000.0, within_rule=True) for b in SOUND.beats)
    raw = json.loads(deployment_text(replace(SOUND, beats=beats, beat_rules=(rule,))))
    raw["format"] = "linli-deployment/1"
    for one in raw["beat_rules"]:
        del one["measure"]
    for one in raw["places"]:
        del one["across"]
    read = parse_deployment(json.dumps(raw))
    assert read.format == FORMAT
    assert read.beat_rules == (rule,)
    wanted = [abs((b.residents or 0) / 4000 - 1) <= 0.1 for b in SOUND.beats]
    assert [b.within_rule for b in read.beats] == wanted
    assert not all(wanted)
    assert parse_deployment(deployment_text(read)) == read
