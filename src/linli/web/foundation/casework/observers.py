"""Who keeps something in step with cases: told at the end of every change, inside its transaction."""

from collections.abc import Callable

from linli.web.foundation.actions.action import Context
from linli.web.foundation.casework.models import Case

__all__ = ["Observer", "register_observer", "tell_observers"]

Observer = Callable[[Case, str, Context], None]
"""Given the case as it stands now, the name of the action (such as ``case.move``), and who acted when.
Before ``case.shred`` deletes a case it is told too. What an observer raises undoes the change."""

_OBSERVERS: list[Observer] = []


def register_observer(observer: Observer) -> None:
    """Add an observer; called by an app's ``ready``."""
    if observer not in _OBSERVERS:
        _OBSERVERS.append(observer)


def tell_observers(case: Case, action: str, context: Context) -> None:
    """Tell every observer, in the order in which they were added."""
    for observer in _OBSERVERS:
        observer(case, action, context)
