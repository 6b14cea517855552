"""The store of devices."""

import datetime as dt
from collections.abc import Callable

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from web.equipment.entries import Store


@pytest.fixture
def store(stage: Stage, actor: Callable[[str], Actor], now: dt.datetime) -> Store:
    return Store(stage, actor, now)
