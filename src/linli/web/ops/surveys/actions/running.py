"""A wave runs: its letters get their codes, reserves are called up, it is closed."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.crypto import salted_hmac

from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.intake.codes import new_code, read_code
from linli.web.ops.surveys.answering import say
from linli.web.ops.surveys.models import Invitation, Wave
from linli.web.ops.surveys.reach import must_plan

__all__ = ["CallReserves", "CloseWave", "Letter", "PrintLetters", "digest_of"]


def digest_of(code: str) -> str:
    """What a letter's code is known by; empty for what cannot be one."""
    plain = read_code(code)
    return salted_hmac("linli.surveys", plain, algorithm="sha256").hexdigest() if plain else ""


def _record(action: str, wave: Wave, **detail: object) -> Record:
    return Record(action=action, subject_kind="survey", subject_id=str(wave.pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class _OfWave:
    wave_id: int

    def wave(self) -> Wave:
        """The wave, locked until the transaction ends."""
        found = Wave.objects.select_for_update().filter(pk=self.wave_id).first()
        if found is None:
            raise Missing(say("missing"))
        return found

    def open_wave(self, context: Context) -> Wave:
        """The wave, for those who plan surveys, while answers are taken."""
        must_plan(context.actor, "edit")
        found = self.wave()
        if found.status != Wave.Status.OPEN:
            raise Conflict(say("wave.closed"))
        return found


@dataclass(frozen=True)
class Letter:
    """A letter to print: the address and its one-time code, which is kept nowhere else."""

    address: str
    code: str


@dataclass(frozen=True, kw_only=True)
class PrintLetters(_OfWave, Action[tuple[Letter, ...]]):
    """Give every address that is still open a new one-time code; codes given before end."""

    name: ClassVar[str] = "survey.letters"

    def check(self, context: Context) -> None:
        """The wave takes answers."""
        self.open_wave(context)

    def change(self, context: Context) -> tuple[Letter, ...]:
        """Keep a digest of each code; the codes themselves go to the printer alone."""
        rows = list(self.wave().invitations.filter(used=True, outcome=Invitation.Outcome.OPEN))
        letters = tuple(Letter(row.address, new_code()) for row in rows)
        for row, letter in zip(rows, letters, strict=True):
            row.code_digest = digest_of(letter.code)
        Invitation.objects.bulk_update(rows, ["code_digest"], batch_size=500)
        return letters

    def record(self, result: tuple[Letter, ...]) -> Record:
        """How many; no code."""
        return Record(
            action=self.name,
            subject_kind="survey",
            subject_id=str(self.wave_id),
            detail={"letters": len(result)},
        )


@dataclass(frozen=True, kw_only=True)
class CallReserves(_OfWave, Action[Wave]):
    """Call up the next reserves of a stratum, in the order in which they were drawn."""

    name: ClassVar[str] = "survey.reserves"
    stratum: str
    count: int

    def check(self, context: Context) -> None:
        """So many are left."""
        wave = self.open_wave(context)
        left = wave.invitations.filter(stratum=self.stratum, used=False).count()
        if not 1 <= self.count <= left:
            raise Invalid(say("refused", count=1), {"count": say("reserves.left", left=left)})

    def change(self, context: Context) -> Wave:
        """They are part of the sample from now on."""
        wave = self.wave()
        rows = wave.invitations.filter(stratum=self.stratum, used=False).order_by("order", "psu")
        Invitation.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[: self.count])).update(
            used=True
        )
        return wave

    def record(self, result: Wave) -> Record:
        """How many of which stratum."""
        return _record(self.name, result, stratum=self.stratum, count=self.count)


@dataclass(frozen=True, kw_only=True)
class CloseWave(_OfWave, Action[Wave]):
    """Take no more answers; codes end."""

    name: ClassVar[str] = "survey.close"

    def check(self, context: Context) -> None:
        """The wave takes answers."""
        self.open_wave(context)

    def change(self, context: Context) -> Wave:
        """Keep when."""
        wave = self.wave()
        wave.status, wave.closed_at = Wave.Status.CLOSED, context.at
        wave.save(update_fields=["status", "closed_at"])
        wave.invitations.update(code_digest="")
        wave.responses.update(mark="")
        return wave

    def record(self, result: Wave) -> Record:
        """How many answered."""
        return _record(self.name, result, answered=result.responses.count())
