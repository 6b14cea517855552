"""The entries of the menu: features register theirs; each is shown to those whose role has a use for it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.screens.wording import phrase, said

__all__ = ["Item", "entries", "register_item"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry of the menu."""

    key: str
    """Text, such as ``incidents:nav``."""
    url: str
    """Name of the address."""
    icon: str
    order: int
    kind: str = ""
    """Kind of subject that the role must be able to do ``verb`` to; empty for everybody."""
    verb: str = "view"
    group: str = ""
    """Text of the heading that the entry begins; empty to go on under the one before."""
    shown: Callable[[Actor], bool] | None = None


_ITEMS: dict[str, Item] = {}


def register_item(item: Item) -> None:
    """Add an entry; called by an app's ``ready``."""
    _ITEMS[item.url] = item


def entries(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    """The menu of an actor, the current page marked."""
    found = []
    for item in sorted(_ITEMS.values(), key=lambda one: (one.order, one.url)):
        if item.kind and not may_anywhere(actor, item.verb, item.kind):
            continue
        if item.shown is not None and not item.shown(actor):
            continue
        url = reverse(item.url)
        active = request.path == url or (url != "/" and request.path.startswith(url))
        found.append(
            {
                "label": said(phrase(item.key)),
                "url": url,
                "icon": item.icon,
                "active": active,
                "group": said(phrase(item.group)) if item.group else "",
            }
        )
    return found
