"""What an app's ``demonstration.fill`` is given to make its part of the demonstration with."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.places.models import Address, Deployment

__all__ = ["PASSWORD", "Scene"]

PASSWORD: Final = "linli-demo-2026"  # noqa: S105 - of made-up accounts; a server with real ones refuses the demonstration
"""The one password of the whole cast."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The county, the cast and the moment. Everything made with it is synthetic."""

    version: Deployment
    stage: Stage
    cast: Mapping[str, User]
    rng: random.Random
    """Seeded for each app by itself: another app more or less changes nothing for the others."""
    now: dt.datetime
    addresses: Sequence[Address]
    """Synthetic addresses in the beats of the stage's post: whatever is there is its officer's."""

    def actors(self, username: str) -> Actor:
        """The actor of a member of the cast."""
        return actor_of(self.cast[username], self.now)

    def ago(self, *, days: float = 0, hours: float = 0) -> dt.datetime:
        """A moment before now."""
        return self.now - dt.timedelta(days=days, hours=hours)

    def somewhere(self) -> Address:
        """Some address in the beats of the stage's post."""
        return self.rng.choice(self.addresses)
