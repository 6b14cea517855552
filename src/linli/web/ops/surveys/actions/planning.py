"""A questionnaire is kept; a wave is planned and its addresses are drawn."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Final

import numpy as np
from django.utils.text import slugify

from linli.assessment.surveys.drawing import Drawn, Frame, FrameAddress, draw, draw_in_places
from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Invalid
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.places.locating import Map, current_map
from linli.web.foundation.places.models import Address
from linli.web.ops.surveys.answering import checked, say
from linli.web.ops.surveys.models import Invitation, Questionnaire, Wave
from linli.web.ops.surveys.reach import must_plan
from linli.web.ops.surveys.xlsforms import SurveyFormRefused, read_form

__all__ = ["KINDS", "KeepQuestionnaire", "PlanWave"]

MOST_ADDRESSES: Final = 20_000
KINDS: Final = ("house", "shop", "unit")
LONGEST: Final = dt.timedelta(days=184)


def _record(action: str, wave: Wave, **detail: object) -> Record:
    return Record(action=action, subject_kind="survey", subject_id=str(wave.pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class KeepQuestionnaire(Action[Questionnaire]):
    """Keep a questionnaire that was made as an XLSForm."""

    name: ClassVar[str] = "survey.questionnaire"
    title: str
    file_name: str
    content: bytes = field(repr=False)

    def check(self, context: Context) -> None:
        """A title, and a form without a fault."""
        must_plan(context.actor)
        if not self.title.strip() or len(self.title) > 120:
            raise Invalid(say("refused", count=1), {"title": say("text", most=120)})
        try:
            object.__setattr__(self, "_form", read_form(self.content))
        except SurveyFormRefused as refusal:
            sentences = Text(
                "".join(text.zh for text in refusal.texts), " ".join(text.en for text in refusal.texts)
            )
            raise Invalid(say("refused", count=len(refusal.texts)), {"file": sentences}) from refusal

    def change(self, context: Context) -> Questionnaire:
        """Keep the file and what was read from it."""
        form = self.__dict__["_form"]
        return Questionnaire.objects.create(
            title=self.title.strip(),
            file_name=self.file_name[:120],
            workbook=self.content,
            xform=form.xform,
            questions=list(form.questions),
            validated=form.validated,
            made_by_id=context.actor.account,
            made_at=context.at,
        )

    def record(self, result: Questionnaire) -> Record:
        """Which."""
        detail = {"questions": len(result.questions), "validated": result.validated}
        return Record(
            action=self.name, subject_kind="questionnaire", subject_id=str(result.pk), detail=detail
        )


@dataclass(frozen=True, kw_only=True)
class PlanWave(Action[Wave]):
    """Plan a wave and draw its addresses from the register of standard addresses (H9)."""

    name: ClassVar[str] = "survey.plan"
    code: str
    title: str
    questionnaire_id: int
    layer: str
    allocation: str
    wanted: int
    each: int | None
    reserve_percent: int
    kinds: tuple[str, ...]
    opens_on: dt.date | None
    closes_on: dt.date | None
    seed: int

    def check(self, context: Context) -> None:
        """Every choice is one, the days follow each other, and there are addresses to draw from."""
        must_plan(context.actor)
        wrong = dict(self._wrong(context))
        if wrong:
            raise Invalid(say("refused", count=len(wrong)), wrong)
        if Wave.objects.filter(code=self.code).exists():
            raise Conflict(say("wave.there", code=self.code))
        if not self._frame().addresses:
            raise Conflict(say("wave.no_addresses"))

    def _wrong(self, context: Context) -> Iterator[tuple[str, Text]]:
        if not self.code or slugify(self.code) != self.code.lower() or len(self.code) > 24:
            yield "code", say("wave.code")
        if not self.title.strip() or len(self.title) > 120:
            yield "title", say("text", most=120)
        if not Questionnaire.objects.filter(pk=self.questionnaire_id).exists():
            yield "questionnaire", say("wave.no_questionnaire")
        if self.layer not in Wave.Layer.values:
            yield "layer", say("wave.choose")
        if self.allocation not in Wave.Allocation.values:
            yield "allocation", say("wave.choose")
        if not 2 <= self.wanted * (self.each or 1) <= MOST_ADDRESSES:
            yield "wanted", say("wave.wanted", most=MOST_ADDRESSES)
        if self.each is not None and not 2 <= self.each <= 500:
            yield "each", say("wave.each")
        if not 0 <= self.reserve_percent <= 500:
            yield "reserve_percent", say("wave.reserve")
        if not self.kinds or not set(self.kinds) <= set(KINDS):
            yield "kinds", say("wave.choose")
        yield from self._wrong_days(context)

    def _wrong_days(self, context: Context) -> Iterator[tuple[str, Text]]:
        if self.opens_on is None:
            yield "opens_on", say("no_day")
        if self.closes_on is None or self.closes_on < local_day(context.at):
            yield "closes_on", say("wave.closes")
        elif self.opens_on is not None and not dt.timedelta(0) <= self.closes_on - self.opens_on <= LONGEST:
            yield "closes_on", say("wave.days", most=LONGEST.days)

    def _frame(self) -> Frame:
        found: Frame | None = self.__dict__.get("_framed")
        if found is None:
            found = Frame.of(_addresses(current_map(), self.layer, self.kinds))
            object.__setattr__(self, "_framed", found)
        return found

    def change(self, context: Context) -> Wave:
        """Draw, and keep wave and addresses; seed and digest let anyone repeat it."""
        frame, rng = self._frame(), np.random.default_rng(self.seed)
        how: dict[str, object] = {"how": self.allocation, "reserve": self.reserve_percent / 100}
        if self.each is None:
            drawn = draw(frame, self.wanted, rng, **how)  # type: ignore[arg-type]
        else:
            drawn = draw_in_places(frame, self.wanted, self.each, rng, **how)  # type: ignore[arg-type]
        wave = Wave.objects.create(
            code=self.code,
            title=self.title.strip(),
            questionnaire_id=self.questionnaire_id,
            layer=self.layer,
            allocation=self.allocation,
            wanted=self.wanted,
            each=self.each,
            reserve_percent=self.reserve_percent,
            seed=self.seed,
            frame_count=len(frame.addresses),
            frame_digest=frame.digest,
            strata=dict(frame.sizes),
            opens_on=checked(self.opens_on),
            closes_on=checked(self.closes_on),
            drawn_by_id=context.actor.account,
            drawn_at=context.at,
        )
        Invitation.objects.bulk_create(_invited(wave, drawn), batch_size=500)
        return wave

    def record(self, result: Wave) -> Record:
        """How many of how many."""
        detail = {"code": result.code, "addresses": result.frame_count, "drawn": result.invitations.count()}
        return _record(self.name, result, **detail)


def _addresses(current: Map | None, layer: str, kinds: tuple[str, ...]) -> Iterator[FrameAddress]:
    if current is None:
        return
    rows = Address.objects.filter(kind__in=kinds).order_by("code")
    for code, place_code in rows.values_list("code", "place_code").iterator(chunk_size=5000):
        place = current.places.get(place_code)
        if place is not None:
            stratum = place.station_code if layer == Wave.Layer.STATION else place.beat_code
            yield FrameAddress(code, stratum, place_code)


def _invited(wave: Wave, drawn: tuple[Drawn, ...]) -> Iterator[Invitation]:
    current = current_map()
    assert current is not None  # noqa: S101 - the frame came from it
    texts: dict[str, str] = {}
    codes = [one.address.code for one in drawn]
    for start in range(0, len(codes), 500):
        rows = Address.objects.filter(code__in=codes[start : start + 500])
        texts.update(rows.values_list("code", "text"))
    for one in drawn:
        place = current.places[one.address.psu]
        yield Invitation(
            wave=wave,
            address_code=one.address.code,
            address=texts[one.address.code],
            station_code=place.station_code,
            beat_code=place.beat_code,
            place_code=place.code,
            stratum=one.address.stratum,
            psu=one.address.psu,
            order=one.order,
            reserve=one.reserve,
            used=not one.reserve,
            stratum_size=one.stratum_size,
            unit_size=one.unit_size,
        )
