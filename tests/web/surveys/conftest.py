"""Addresses in every place, the shipped questionnaire, a wave that takes answers: they stand ready."""

from collections.abc import Callable

import pytest

from linli.web.ops.surveys.actions.planning import PlanWave
from linli.web.ops.surveys.models import Questionnaire, Wave
from web.surveys.made import made_addresses, made_questionnaire, made_wave, plan_of

GOOD = {"feel_safe": "safe", "satisfied": "satisfied", "know_officer": "yes"}
BAD = {"feel_safe": "unsafe", "satisfied": "so_so", "know_officer": "no"}


@pytest.fixture
def addresses(cast) -> int:  # type: ignore[no-untyped-def]
    return made_addresses()


@pytest.fixture
def questionnaire(cast) -> Questionnaire:  # type: ignore[no-untyped-def]
    return made_questionnaire()


@pytest.fixture
def planning(questionnaire: Questionnaire, addresses: int) -> Callable[..., PlanWave]:
    return lambda **more: plan_of(questionnaire, **more)


@pytest.fixture
def wave(addresses: int, questionnaire: Questionnaire) -> Wave:
    return made_wave()
