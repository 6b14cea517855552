"""A beat is held against the target that its clause gives, in workload or in residents."""

from dataclasses import replace

from linli.kernel.measures import Workload
from linli.planning.balance import load_ratio, target_load
from linli.planning.comparison import compare
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


def test_a_comparison_counts_beats_near_a_target_of_residents() -> None:
    near = replace(BEAT, target_residents=1000.0)
    far = replace(BEAT, target_residents=3000.0)
    one = replace(SOUND, beats=(near, far))
    assert compare(one, one).balance.left.within_tenth == 0.5
