"""Made-up devices for the tests of the register."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Action, Result, perform
from linli.web.ops.equipment.actions.entering import AddDevice, Entry
from linli.web.ops.equipment.models import Device


@dataclass
class Store:
    """Enters and handles devices for the cast."""

    stage: Stage
    actor: Callable[[str], Actor]
    at: dt.datetime

    def does(self, who: str, action: Action[Result]) -> Result:
        return perform(action, self.actor(who), self.at)

    def entry(self, code: str = "SS-1", kind: str = "alarm", **given: object) -> Entry:
        made = Entry(
            code=code,
            kind=kind,
            name="联网报警",
            purpose="夜间防盗",
            organisation_id=self.stage.post.pk,
            keeper_post="值班室",
            longitude=self.stage.place.longitude,
            latitude=self.stage.place.latitude,
            radius_m=100,
            linked=True,
        )
        return replace(made, **given)  # type: ignore[arg-type]

    def added(self, who: str = "suozhang", **given: object) -> Device:
        return self.does(who, AddDevice(entry=self.entry(**given)))  # type: ignore[arg-type]

    def issued_kind(self, code: str, kind: str = "mobile") -> Device:
        plain = {"longitude": None, "latitude": None, "radius_m": None, "linked": None}
        return self.added(
            code=code, kind=kind, organisation_id=self.stage.station.pk, status="stored", **plain
        )
