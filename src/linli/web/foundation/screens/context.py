"""What every page's template knows."""

from typing import Any

from django.http import HttpRequest

from linli.web.foundation.accounts.actor import ANONYMOUS, Actor
from linli.web.foundation.accounts.drafts import DraftKey, draft_key
from linli.web.foundation.accounts.middleware import now
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.casework.selectors import notices_of
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.screens.navigation import entries
from linli.web.foundation.screens.wording import language, phrase, said

__all__ = ["page"]


def page(request: HttpRequest) -> dict[str, Any]:
    """Menu, actor, language, and whether what is shown is made up."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    signed_in = actor.user_id is not None
    current = current_map()
    return {
        "language": language(),
        "languages": [("zh-hans", "中文"), ("en", "English")],
        "actor": _described(actor) if signed_in else None,
        "navigation": entries(request, actor) if signed_in else [],
        "drafts": _drafts(request),
        "unread": _unread(request, actor) if signed_in else 0,
        "deployment_label": "" if current is None else current.named(language()),
        "synthetic_notice": _synthetic(current),
    }


def _drafts(request: HttpRequest) -> DraftKey | None:
    # A page of an error may come before anybody knows who asks.
    user = getattr(request, "user", None)
    return draft_key(user) if isinstance(user, User) else None


def _described(actor: Actor) -> dict[str, Any]:
    roles = [role for held in actor.held if (role := role_of(held.role)) is not None]
    return {
        "user_id": actor.user_id,
        "display_name": actor.name,
        "role_label": "、".join(dict.fromkeys(said(role.name) for role in roles)),
        "organisation_label": "、".join(dict.fromkeys(held.organisation for held in actor.held)),
        "roles": actor.roles,
    }


def _unread(request: HttpRequest, actor: Actor) -> int:
    # Counted to 100 and no further: more is "99+" on the screen.
    return notices_of(actor, now(request), unread=True)[:100].count()


def _synthetic(current: Map | None) -> str:
    return said(phrase("screens:synthetic")) if current is not None and current.synthetic else ""
