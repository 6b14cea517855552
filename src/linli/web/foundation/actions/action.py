"""The shape of every change."""

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.db import IntegrityError, transaction

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Submission
from linli.web.foundation.once import forget

__all__ = ["Action", "AlreadyDone", "Context", "perform"]

Result = TypeVar("Result")


@dataclass(frozen=True)
class Context:
    """Who changes something, and when."""

    actor: Actor
    at: dt.datetime


class AlreadyDone(Exception):
    """The same form was sent before: nothing is done again, ``reference`` is what came of it."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class Action(ABC, Generic[Result]):
    """One change to one thing. Subclasses are dataclasses that hold what the change needs."""

    name: ClassVar[str]
    """What the audit log calls it, such as ``case.open``."""

    @abstractmethod
    def check(self, context: Context) -> None:
        """Refuse what the actor may not do, or what cannot be done now.

        Raises
        ------
        Refusal
            With the sentence that the actor reads.
        """

    @abstractmethod
    def change(self, context: Context) -> Result:
        """Make the change; only called after ``check`` and inside the transaction."""

    def follow(self, result: Result, context: Context) -> None:
        """Bring into step what depends on the change, in the same transaction; a subclass says what."""
        return

    @abstractmethod
    def record(self, result: Result) -> Record:
        """What the audit log says of it; no personal content."""


def perform(action: Action[Result], actor: Actor, at: dt.datetime, *, key: str = "") -> Result:
    """Carry out an action: permission → change → audit entry, all or nothing.

    ``key`` names one sending of a form or one request of a device: sent twice, it is done once.

    Raises
    ------
    Refusal
        From the action's check; nothing has changed.
    AlreadyDone
        The key was used before.
    """
    context = Context(actor, at)
    with transaction.atomic():
        if key:
            _claim(key, actor, at)
        action.check(context)
        result = action.change(context)
        forget()
        action.follow(result, context)
        record = action.record(result)
        append(record, actor, at)
        if key:
            Submission.objects.filter(key=_scoped(key, actor)).update(
                reference=f"{record.subject_kind}:{record.subject_id}"
            )
    forget()
    return result


def _scoped(key: str, actor: Actor) -> str:
    return f"{actor.user_id or 0}:{key}"[:100]


def _claim(key: str, actor: Actor, at: dt.datetime) -> None:
    scoped = _scoped(key, actor)
    try:
        with transaction.atomic():
            Submission.objects.create(key=scoped, at=at)
    except IntegrityError:
        raise AlreadyDone(Submission.objects.get(key=scoped).reference) from None
