"""Units and incidents of the made-up county."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.addresses import keep_addresses
from linli.web.foundation.places.models import Address
from linli.web.ops.incidents.actions.units import SaveUnit, StartShift
from linli.web.ops.incidents.models import Unit


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def make_unit(stage: Stage, now: dt.datetime) -> Callable[..., Unit]:
    """Enters a unit and puts it on duty."""

    def make(
        call_sign: str,
        owner: Organisation | None = None,
        kind: str = "patrol_car",
        capacity: int = 2,
        *,
        on_duty: bool = True,
    ) -> Unit:
        code = (owner or stage.post).code
        unit = perform(
            SaveUnit(call_sign=call_sign, organisation=code, kind=kind, capacity=capacity), SYSTEM, now
        )
        return perform(StartShift(unit_id=unit.pk), SYSTEM, now) if on_duty else unit

    return make


@pytest.fixture
def units(make_unit: Callable[..., Unit], stage: Stage) -> dict[str, Unit]:
    """A car and a foot patrol at the own post, a car at the next station's."""
    return {
        "near": make_unit("城关01"),
        "foot": make_unit("城关步02", kind="foot_patrol"),
        "far": make_unit("邻所01", stage.other_post),
    }


@pytest.fixture
def open_incident(stage: Stage, now: dt.datetime) -> Callable[..., Case]:
    """Opens an incident in the own place."""

    def make(actor: Actor = SYSTEM, at: dt.datetime | None = None, **given: object) -> Case:
        where = {"longitude": stage.place.longitude, "latitude": stage.place.latitude}
        values = {
            "kind": "incident",
            "category": "burglary",
            "title": "家中被盗",
            "channel": "phone",
            **where,
        }
        return perform(OpenCase(**{**values, **given}), actor, at or now)  # type: ignore[arg-type]

    return make


@pytest.fixture
def addresses(stage: Stage) -> list[Address]:
    """Three standard addresses in the own place."""
    made = [
        Address(
            code=f"A{number}",
            text=f"{stage.place.name}和平路{number}号",
            place_code=stage.place.code,
            longitude=stage.place.longitude + number * 0.0005,
            latitude=stage.place.latitude,
            synthetic=True,
        )
        for number in (1, 2, 31)
    ]
    keep_addresses(made)
    return list(Address.objects.order_by("code"))
