"""How near a beat is to its target: one reading for comparison and report alike."""

from linli.kernel.measures import Ratio
from linli.planning.deployment import Beat

__all__ = ["load_ratio", "target_load"]


def target_load(beat: Beat) -> float | None:
    """What the beat is held against: its target workload, else the residents that its clause speaks of."""
    return beat.target_residents if beat.target_workload is None else beat.target_workload


def load_ratio(beat: Beat) -> Ratio | None:
    """Workload ÷ target, or residents ÷ target where the clause speaks of residents; ``None`` without a
    target above zero, or where residents are not known."""
    target = target_load(beat)
    load = beat.residents if beat.target_workload is None else beat.workload
    return None if load is None or target is None or target <= 0 else Ratio(load / target)
