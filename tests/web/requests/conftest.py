"""Requests as residents send them, and a browser in which nobody is signed in."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case
from linli.web.intake.submitting import Request, submit
from linli.web.ops.requests.draining import drain

Sends = Callable[..., Case]


@pytest.fixture(autouse=True)
def moved_clock(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> Callable[[dt.datetime], None]:
    """The platform's clock stands at ``now`` until it is moved."""

    def move(at: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    move(now)
    return move


@pytest.fixture
def sent(stage: Stage, now: dt.datetime) -> Sends:
    """A resident's request that has become a case."""

    def send(at: dt.datetime = now, **given: Any) -> Case:
        values: dict[str, Any] = {
            "service": "request-streetlight",
            "title": "村口路灯不亮",
            "description": "老槐树旁第三盏，联系王某 13911112222",
            "place": stage.place.code,
            "values": {"reporter_name": "张某", "reporter_phone": "13800001234"},
        } | given
        entry = submit(Request(**values), at=at, sender="203.0.113.7")
        drain(at)
        case = Case.objects.get(tracking_hash=entry.code_hash)
        # Known to the sender alone; a case that is read again has none.
        case.code = entry.code  # type: ignore[attr-defined]
        return case

    return send


@pytest.fixture
def step() -> Callable[..., Case]:
    """A step of a case, by the system."""

    def take(case: Case, id_: str, at: dt.datetime, **given: Any) -> Case:
        values: dict[str, Any] = {"case_id": case.pk, "step": id_, **given}
        if id_ in ("finish", "resolve"):
            values.setdefault("data", {"measures": "换灯"})
        if id_ in ("reply", "resolve"):
            values = {"answer": "已修好", "result": "fixed", **values}
        return perform(Move(**values), SYSTEM, at)

    return take


@pytest.fixture
def visitor(stage: Stage) -> Callable[..., Client]:
    """A browser of somebody unknown."""

    def make(language: str = "zh-hans") -> Client:
        return Client(headers={"accept-language": language})

    return make
