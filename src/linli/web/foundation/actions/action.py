"""The shape of every change."""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

from django.db import IntegrityError, transaction

from linli.kernel.errors import LinliError
from linli.kernel.spelling import case_number
from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.refusals import Forbidden, Missing, Refusal, Reused
from linli.web.foundation.actions.sending import Sending, task_sending
from linli.web.foundation.actions.together import note_when_over, tries_told
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Submission
from linli.web.foundation.once import forget

__all__ = ["Action", "AlreadyDone", "Context", "named", "perform"]

say = catalogue("linli.web.foundation.actions")

Result = TypeVar("Result")
_NUMBER: Final = re.compile(r"([a-z_]{1,20}:)?[A-Z]{1,4}[0-9]{1,8}-[0-9]{1,12}")
"""Numbers that Linli gives; what somebody typed instead of one is not kept."""


@dataclass(frozen=True)
class Context:
    """Who changes something, and when."""

    actor: Actor
    at: dt.datetime


class AlreadyDone(Exception):
    """The same was sent before: nothing is done again, ``reference`` names what came of it.

    Whoever answers with it loads it with permission, as on the first day it is read: a name gives no right.
    """

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference

    def number(self, kind: str) -> int:
        """The number of what came of it, as the audit log calls it.

        Raises
        ------
        Missing
            It was of another kind, or has no number.
        """
        found, _, number = self.reference.partition(":")
        if found != kind or not number.isdecimal():
            raise Missing(say("sending.gone"))
        return int(number)

    def gone(self) -> Forbidden:
        """The refusal for who sent it and may not see what came of it any more."""
        return Forbidden(say("sending.gone"))


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

    def check_again(self, context: Context) -> None:
        """Refuse to answer a second sending to somebody who by now may not do it any more.

        ``check`` asks for permission first; that the thing is done already is no reason to refuse.
        """
        try:
            self.check(context)
        except (Forbidden, Missing):
            raise
        except LinliError:
            return

    def prepare(self) -> None:
        """What takes long and needs no database, such as opening a file: done before anything is locked."""
        return

    @abstractmethod
    def change(self, context: Context) -> Result:
        """Make the change; only called after ``check`` and inside the transaction."""

    def follow(self, result: Result, context: Context) -> None:
        """Bring into step what depends on the change, in the same transaction; a subclass says what."""
        return

    @abstractmethod
    def record(self, result: Result) -> Record:
        """What the audit log says of it; no personal content."""

    def tried(self) -> Record:
        """What the audit log says of it where it was refused: the first thing that it names by an id."""
        given = ((name, value) for name, value in vars(self).items() if name.endswith("_id") and value)
        for name, value in given:
            if not name.startswith("_") and isinstance(value, int):
                return Record(action=self.name, subject_kind=name.removesuffix("_id"), subject_id=str(value))
        return Record(action=self.name, subject_kind=self.name.partition(".")[0], subject_id="")


def named(action: Action[Any]) -> list[str]:
    """What an action names besides its subject: the ids and numbers of other things that came with it."""
    subject = action.tried().subject_id
    found: list[str] = []
    for field, value in _given(vars(action)):
        if not found and field.endswith("_id") and str(value) == subject:
            # What the entry is about anyway; the same number in another place is another thing.
            subject = ""
            continue
        found += _names(field, value)
    return list(dict.fromkeys(found))


def _given(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field, value in values.items():
        if isinstance(value, Action):
            yield from _given(vars(value))
        elif isinstance(value, Mapping):
            yield from ((str(key), one) for key, one in value.items() if str(key).endswith("_id"))
        elif not field.startswith("_"):
            yield field, value


def _names(field: str, value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _names(f"{field}_number" if isinstance(one, str) else f"{field}_id", one)
    elif isinstance(value, int) and field.endswith("_id"):
        yield f"{field.removesuffix('_id')} {value}"
    elif isinstance(value, str) and field.endswith("_number") and _NUMBER.fullmatch(case_number(value)):
        yield case_number(value)


def perform(
    action: Action[Result], actor: Actor, at: dt.datetime, *, key: Sending | str | None = None
) -> Result:
    """Carry out an action: permission → change → audit entry, all or nothing.

    ``key`` is one sending of a form, of a program's request, or the name of a task: sent twice, it is
    done once.

    Raises
    ------
    Refusal
        From the action's check; nothing has changed. That permission was wanting is an entry of the log.
    Reused
        The key was used before for something else.
    AlreadyDone
        The same was sent before, and the actor may still do it.
    """
    action.prepare()
    sending = task_sending(key) if isinstance(key, str) else key
    with tries_told():
        try:
            return _carried_out(action, Context(actor, at), sending)
        except Refusal as refusal:
            if refusal.barred:
                what = [*named(action), *refusal.hidden]
                note_when_over(refusal, action.tried(), actor, at, named=what)
            raise


def _carried_out(action: Action[Result], context: Context, sending: Sending | None) -> Result:
    actor, at = context.actor, context.at
    with transaction.atomic():
        known = None if sending is None else _claim(sending, action, context)
        if known is not None:
            action.check_again(context)
            _refuse_other(known, sending, action)
            raise AlreadyDone(known.reference)
        action.check(context)
        result = action.change(context)
        forget()
        action.follow(result, context)
        record = action.record(result)
        append(record, actor, at)
        if sending is not None:
            reference = f"{record.subject_kind}:{record.subject_id}"[:100]
            Submission.objects.filter(key=sending.name(actor)).update(reference=reference)
    forget()
    return result


def _claim(sending: Sending, action: Action[Result], context: Context) -> Submission | None:
    """Take a key; the earlier sending where it is taken. Two at once: the second waits for the first."""
    name = sending.name(context.actor)
    try:
        with transaction.atomic():
            Submission.objects.create(key=name, at=context.at, binding=sending.binding(action.name))
    except IntegrityError:
        return Submission.objects.get(key=name)
    return None


def _refuse_other(known: Submission, sending: Sending | None, action: Action[Result]) -> None:
    # Those of before keys were bound to content have nothing to agree with.
    if sending is not None and known.binding and known.binding != sending.binding(action.name):
        raise Reused(say("sending.reused"))
