"""Permission is asked before state: whoever may not do a thing is told that, whatever state it is in."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models

from linli.kernel.errors import LinliError
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden, Missing
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.types.register import case_type
from linli.web.ops.disputes.asking import STEPS
from web.casework.test_glass import _opened
from web.security.rows import PK, every_model, rows_of_every_model
from web.security.test_matrix import TABLE
from web.security.trying import made
from web.security.walking import actions

FOR_ALL_STATIONS = frozenset({"case.emergency", "intake.retry"})
"""Chiefs and officers may break the glass of any case, and try any entry of the queue again."""


def _tried() -> list[type[Action]]:
    """Every action that is done to something by an id, but those of Linli's own jobs."""
    jobs = {name for name, row in TABLE["other"].items() if "job" in row}
    found = [one for one in actions() if _ids(one) and one.name not in jobs | FOR_ALL_STATIONS]
    assert len(found) > 100
    return found


def _ids(action: type[Action]) -> list[str]:
    """The fields of an action that name what it is done to."""
    given = dataclasses.fields(action)  # type: ignore[arg-type]
    return [one.name for one in given if one.name.endswith("_id") and one.default is dataclasses.MISSING]


def _given(action: type[Action], stage: Stage) -> dict[str, Any]:
    """Things of the other station: organisations and places are the stage's own."""
    given: dict[str, Any] = dict.fromkeys(_ids(action), PK)
    if "organisation_id" in given:
        given["organisation_id"] = stage.other_post.pk
    if any(one.name == "place" for one in dataclasses.fields(action)):  # type: ignore[arg-type]
        given["place"] = stage.other_place.code
    return given


def _over(now: dt.datetime) -> None:
    """Everything is in its last state and every moment of it has passed."""
    for model in every_model():
        given: dict[str, object] = {}
        for field in model._meta.concrete_fields:
            if field.name in ("status", "state") and field.choices:
                given[field.name] = list(field.choices)[-1][0]
            elif isinstance(field, models.DateTimeField) and field.null:
                given[field.name] = now
        if given:
            model._base_manager.filter(pk=PK).update(**given)


def _wrong(who: Actor, stage: Stage, now: dt.datetime) -> Iterator[str]:
    for action in _tried():
        try:
            made(action, now, _given(action, stage)).check(Context(who, now))
        except (Forbidden, Missing):
            continue
        except LinliError as refusal:
            yield f"{action.__name__} ({action.name}): {type(refusal).__name__} {refusal.text.en}"
        except Exception as error:
            yield f"{action.__name__} ({action.name}): {type(error).__name__} {error}"
        else:
            yield f"{action.__name__} ({action.name}) is let through"


# Guard 1
@pytest.mark.any_database
@pytest.mark.parametrize("username", ["fujing", "suozhang", "danwei", "jumin"])
@pytest.mark.parametrize("over", [False, True])
def test_who_may_not_is_told_that_and_nothing_of_the_state(over, username, actor, cast, stage, now) -> None:
    refused = rows_of_every_model(stage, cast["linsuozhang"], now)
    assert not refused
    if over:
        _over(now)
    wrong = list(_wrong(actor(username), stage, now))
    assert not wrong, "\n".join(wrong)


# Guard 1
@pytest.mark.any_database
@pytest.mark.parametrize("what", sorted(STEPS))
def test_a_step_of_a_dispute_that_is_only_read_is_refused_in_every_state(what, signed_in, stage, now) -> None:
    case = _opened("dispute", stage, now)
    client = signed_in("linsuozhang")
    reason = "现场有人受伤，需要立即联系报警人"
    client.post(f"/cases/{case.number}/emergency/", {"reason": reason})
    assert client.get(f"/cases/{case.number}/").status_code == 200
    for state in case_type("dispute").states:
        Case.objects.filter(pk=case.pk).update(state=state.id)
        answers = [
            getattr(client, method)(f"/disputes/{case.number}/steps/{what}/") for method in ("get", "post")
        ]
        assert [one.status_code for one in answers] == [403, 403], state.id
