"""The teller of a water dispute."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from web.disputes.telling import Teller


@pytest.fixture
def teller(stage: Stage, actor: Callable[[str], Actor], now: dt.datetime) -> Teller:
    return Teller(stage, actor, now)
