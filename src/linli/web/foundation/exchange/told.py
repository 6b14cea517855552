"""What programs are told of: changes to cases, by the name of the action, and nothing that is not named here.

That somebody read a case, looked at it under a share or broke its glass is for the auditors and for whoever
has the case in hand. ``tests/web/exchange/test_told.py`` holds every action to one list or the other.
"""

from typing import Final

__all__ = ["TOLD"]

_CASES: Final = """
    answer assign attach attachment_cleaned describe erase_personal escalate feedback merge move note open
    reckon release share shred unshare
"""
_DISPUTES: Final = """
    acknowledge add_party agree appoint begin cancel_session check_kept consent give_back hand_over
    hold_session keep_signed mark_obligation plan_session reckon relapse remind remove_party set_level
    take_in take_on
"""
_INCIDENTS: Final = "accept arrive clear dispatch"
_INSPECTIONS: Final = "escalate evidence link recheck serve sheet"
_PROBLEMS: Final = "drop plan_measure postpone progress remind"


def _named(area: str, acts: str) -> frozenset[str]:
    return frozenset(f"{area}.{act}" for act in acts.split())


TOLD: Final = (
    _named("case", _CASES)
    | _named("dispute", _DISPUTES)
    | _named("incident", _INCIDENTS)
    | _named("inspection", _INSPECTIONS)
    | _named("problem", _PROBLEMS)
)
"""Names of actions."""
