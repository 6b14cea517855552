"""A round of checks is drawn: from which list, with which seed, what came out."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import case_for
from linli.web.ops.supervision.actions.base import must_supervise, plan_in_force, refuse, say, text_fault
from linli.web.ops.supervision.drawing import Target, digest_of, draw
from linli.web.ops.supervision.frames import frame_of
from linli.web.ops.supervision.models import Check, Round

__all__ = ["MOST", "DrawRound", "ReviewCase"]

MOST: Final = 200
"""Checks of one round."""


def _planned(made: Round, targets: tuple[Target, ...]) -> None:
    Check.objects.bulk_create(
        Check(
            round=made,
            sequence=number,
            target_code=one.code,
            target_name=one.name[:200],
            station_code=one.station,
            beat_code=one.beat,
            place_code=one.place,
            due_on=made.due_on,
        )
        for number, one in enumerate(targets, 1)
    )


def _recorded(name: str, made: Round) -> Record:
    detail = {"seed": made.seed, "frame": made.frame_digest, "size": made.size, "kind": made.kind}
    return Record(
        action=name,
        subject_kind="supervision_round",
        subject_id=str(made.pk),
        station=made.station_code,
        detail=detail,
    )


@dataclass(frozen=True, kw_only=True)
class DrawRound(Action[Round]):
    """Draw checks at random; whoever has the list and the seed draws the same."""

    name: ClassVar[str] = "supervision.draw"
    kind: str
    source: str
    title: str
    size: int
    due_on: dt.date
    seed: str
    """Made by the page, never typed: nobody chooses whom chance picks."""
    station: str = ""
    per_station: bool = False
    typed: str = ""
    """Streets, one a line."""

    def check(self, context: Context) -> None:
        """The county's supervisors; a kind of check, a list that is not empty, a day to come."""
        must_supervise(context)
        current = plan_in_force()
        wrong: dict[str, Text | None] = {"title": text_fault(self.title, 120)}
        if self.kind not in (Round.Kind.PLANS_RECORDS, Round.Kind.STREET, Round.Kind.PLACES):
            wrong["kind"] = say("draw.kind")
        if self.source not in Round.Source.values:
            wrong["source"] = say("draw.source")
        if self.station and self.station not in current.stations:
            wrong["station"] = say("draw.station")
        if self.source == Round.Source.STREET and not self.station:
            wrong["station"] = say("draw.street_station")
        if not 1 <= self.size <= MOST:
            wrong["size"] = say("draw.size", most=MOST)
        if self.due_on < local_day(context.at):
            wrong["due_on"] = say("draw.day")
        if not 8 <= len(self.seed) <= 32:
            wrong["size"] = say("draw.seed")
        refuse(wrong)
        if not self._frame():
            refuse({"typed" if self.source == Round.Source.STREET else "source": say("draw.empty")})

    def _frame(self) -> tuple[Target, ...]:
        found = self.__dict__.get("_kept")
        if found is None:
            found = frame_of(self.source, plan_in_force(), station=self.station, typed=self.typed)
            object.__setattr__(self, "_kept", found)
        frame: tuple[Target, ...] = found
        return frame

    def change(self, context: Context) -> Round:
        """Keep list, seed and what came out."""
        frame = self._frame()
        targets = draw(frame, self.size, self.seed, per_station=self.per_station)[:MOST]
        codes = [one.code for one in frame]
        made = Round.objects.create(
            kind=self.kind,
            source=self.source,
            title=self.title.strip(),
            seed=self.seed,
            frame=codes,
            frame_digest=digest_of(codes),
            size=self.size,
            per_station=self.per_station,
            station_code=self.station,
            due_on=self.due_on,
            drawn_by_id=context.actor.account,
            drawn_at=context.at,
        )
        _planned(made, targets)
        return made

    def record(self, result: Round) -> Record:
        """With which seed, from which list."""
        return _recorded(self.name, result)


@dataclass(frozen=True, kw_only=True)
class ReviewCase(Action[Round]):
    """Plan the review after a serious case (N18): of the place where it happened, not at random."""

    name: ClassVar[str] = "supervision.review"
    case_number: str
    due_on: dt.date

    def check(self, context: Context) -> None:
        """The county's supervisors; a case that they may see; not reviewed before; a day to come."""
        must_supervise(context)
        case = self._case(context)
        wrong: dict[str, Text | None] = {}
        if not case.place_code:
            wrong["case_number"] = say("review.nowhere")
        if Round.objects.filter(case_number=case.number).exists():
            wrong["case_number"] = say("review.twice")
        if self.due_on < local_day(context.at):
            wrong["due_on"] = say("draw.day")
        refuse(wrong)

    def _case(self, context: Context) -> Case:
        return case_for(context.actor, self.case_number, at=context.at)

    def change(self, context: Context) -> Round:
        """One check, of the case's place."""
        case = self._case(context)
        place = plan_in_force().places.get(case.place_code)
        name = case.place_code if place is None else place.name
        made = Round.objects.create(
            kind=Round.Kind.AFTER_CASE,
            source=Round.Source.VILLAGE,
            title=say("review.title", number=case.number).zh,
            seed="",
            frame=[case.place_code],
            frame_digest=digest_of([case.place_code]),
            size=1,
            station_code=case.station_code,
            case_number=case.number or "",
            due_on=self.due_on,
            drawn_by_id=context.actor.account,
            drawn_at=context.at,
        )
        _planned(made, (Target(case.place_code, name, case.station_code, case.beat_code, case.place_code),))
        return made

    def record(self, result: Round) -> Record:
        """Of which case."""
        return _recorded(self.name, result)
