"""What features add to the home page, each for the roles that have a use for it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from linli.web.foundation.accounts.actor import Actor

__all__ = ["Card", "cards_of", "register_card"]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A part of the home page."""

    template: str
    context: Callable[[Actor, dt.datetime], Mapping[str, Any]]
    """What the template is given; a card whose context is empty is not shown."""
    order: int = 50


_CARDS: list[Card] = []


def register_card(card: Card) -> None:
    """Add a card; called by an app's ``ready``."""
    if card not in _CARDS:
        _CARDS.append(card)


def cards_of(actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """The cards of an actor's home page."""
    filled = [(card.template, card.context(actor, at)) for card in sorted(_CARDS, key=lambda one: one.order)]
    return [{"template": template, **context} for template, context in filled if context]
