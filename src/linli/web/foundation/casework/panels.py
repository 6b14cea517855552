"""What features add to a case's page: their own part of it, and their own steps."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.casework.models import Case

__all__ = ["Panel", "panels_of", "register_panel"]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the page of cases of some type."""

    kind: str
    """The case type; ``*`` for all."""
    template: str
    context: Callable[[Case, Actor, dt.datetime], Mapping[str, Any]]
    """What the template is given; a panel whose context is empty is not shown."""
    order: int = 50


_PANELS: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Add a panel; called by an app's ``ready``."""
    if panel not in _PANELS:
        _PANELS.append(panel)


def panels_of(case: Case, actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """The panels of a case's page, each with its template."""
    wanted = sorted((p for p in _PANELS if p.kind in (case.case_type, "*")), key=lambda p: p.order)
    filled = [(panel.template, panel.context(case, actor, at)) for panel in wanted]
    return [{"template": template, **context} for template, context in filled if context]
