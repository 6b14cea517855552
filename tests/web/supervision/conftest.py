"""A round that is drawn, for the tests of supervision."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.ops.supervision.actions.drawing import DrawRound
from linli.web.ops.supervision.models import Round
from linli.web.ops.supervision.standing import norms_in_force

Draw = Callable[..., Round]


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    settings.DATA_DIR = tmp_path
    # Rolled back numbers are given again.
    norms_in_force.cache_clear()


@pytest.fixture
def draw(actor: Callable[[str], Actor], now: dt.datetime) -> Draw:
    def make(who: str = "guihua", **given: object) -> Round:
        values: dict[str, object] = {
            "kind": "street",
            "source": "village",
            "title": "三月街面暗访",
            "size": 2,
            "due_on": now.date() + dt.timedelta(days=10),
            "seed": "0123456789abcdef",
            **given,
        }
        return perform(DrawRound(**values), actor(who), now)  # type: ignore[arg-type]

    return make
