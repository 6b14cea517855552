"""Trying an action's permission without its change: is it refused because of who asks?"""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from typing import Any

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Forbidden, Missing

__all__ = ["allowed", "made"]


def made(action: type[Action], at: dt.datetime, given: Mapping[str, Any]) -> Action:
    """An action with what is given, and something of the right type for whatever else it must have."""
    hints = typing.get_type_hints(action)
    values: dict[str, Any] = {}
    for one in dataclasses.fields(action):  # type: ignore[arg-type]
        if one.name in given:
            values[one.name] = given[one.name]
        elif one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
            values[one.name] = _some(hints[one.name], at)
    return action(**values)


def _some(hint: Any, at: dt.datetime) -> Any:
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return typing.get_args(hint)[0]
    if origin in (typing.Union, types.UnionType):
        return None if type(None) in typing.get_args(hint) else _some(typing.get_args(hint)[0], at)
    plain: dict[Any, Any] = {
        int: 1,
        str: "x",
        bool: True,
        float: 1.0,
        bytes: b"x",
        dt.datetime: at,
        dt.date: at.date(),
    }
    if hint in plain:
        return plain[hint]
    kind = origin or hint
    if isinstance(kind, type):
        if issubclass(kind, tuple):
            return ()
        if issubclass(kind, Mapping) or kind is dict:
            return {}
        if dataclasses.is_dataclass(kind):
            return made(kind, at, {})  # type: ignore[arg-type]
    return None


def _outcome(action: Action, actor: Actor, at: dt.datetime) -> tuple[str, str]:
    """What the check answers: the kind of refusal and its sentence, or nothing."""
    try:
        action.check(Context(actor, at))
    except LinliError as refusal:
        # What is hidden is answered as what is not there.
        kind = Missing if isinstance(refusal, Missing) else type(refusal)
        return kind.__name__, refusal.text.en
    except Exception as error:
        # What was made up does not fit; for permission it only matters that everybody allowed gets as far.
        return type(error).__name__, ""
    return "", ""


def allowed(build: typing.Callable[[], Action], actor: Actor, at: dt.datetime) -> bool:
    """Whether the check lets an actor as far as Linli's own jobs, whom nothing is forbidden.

    What is refused for another reason than who asks (a state, a missing text) is refused to both alike.
    """
    outcome = _outcome(build(), actor, at)
    if outcome[0] == Missing.__name__:
        return outcome == _outcome(build(), SYSTEM, at)
    return outcome[0] != Forbidden.__name__
