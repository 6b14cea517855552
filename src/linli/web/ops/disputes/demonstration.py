"""Made-up disputes at every stage, for the demonstration."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from linli.web.demonstration.scene import Scene
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.actions.action import Action, Result, perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case
from linli.web.ops.disputes.actions.agreeing import ReachAgreement, Term, current_agreement
from linli.web.ops.disputes.actions.base import local_day
from linli.web.ops.disputes.actions.fulfilling import CheckKept, MarkObligation
from linli.web.ops.disputes.actions.handing import HandOver
from linli.web.ops.disputes.actions.mediating import Begin, HoldSession, PlanSession, TakeOn
from linli.web.ops.disputes.actions.opening import OpenDispute
from linli.web.ops.disputes.actions.parties import NewParty, SetConsent

__all__ = ["fill"]

PEOPLE: Final = ("甲某", "乙某", "丙某", "丁某", "戊某", "己某", "庚某", "辛某")
PLACE: Final = "村委会调解室"


@dataclass(frozen=True)
class _Story:
    """One dispute: how many days ago it was found, how far it has come, what was agreed."""

    days: int
    category: str
    title: str
    stage: str
    level: str = "village"
    terms: tuple[tuple[int, str, int, str], ...] = field(default=())
    """Party, what, days after the agreement, yuan."""


STORIES: Final = (
    _Story(
        118, "water", "灌渠上下游轮灌次序争执", "checked", terms=((2, "修复支渠闸门并恢复轮灌表", 7, ""),)
    ),
    _Story(104, "neighbour", "建房滴水影响邻院", "fulfilled", terms=((2, "加装雨水管引至排水沟", 5, "300"),)),
    _Story(40, "family", "赡养费分担", "agreed", "township", ((1, "每季度首月支付赡养费", 60, "900"),)),
    _Story(33, "land", "承包地边界不清", "handed", "township"),
    _Story(21, "wages", "工地务工报酬未结清", "fulfilled", "township", ((2, "一次付清报酬", 3, "8600"),)),
    _Story(9, "water", "机井用电费分摊", "mediating"),
    _Story(6, "consumer", "电动车维修质量", "mediating"),
    _Story(2, "neighbour", "共用巷道堆放建材", "accepted"),
    _Story(0, "other", "广场舞音量", "found"),
)


def _begins(scene: Scene) -> dt.datetime:
    """When the mediator of the cast began to work, before which nobody can have mediated."""
    first = Grant.objects.filter(user=scene.cast["tiaojie"]).earliest("starts").starts
    return dt.datetime.combine(first, dt.time(10), zone())


class _Teller:
    """Acts for the cast at the moments of a story."""

    def __init__(self, scene: Scene, story: _Story, number: int) -> None:
        self.scene, self.story, self.number = scene, story, number
        self.at = max(scene.ago(days=story.days, hours=2), _begins(scene))

    def does(self, action: Action[Result], who: str = "tiaojie") -> Result:
        return perform(action, self.scene.actors(who), self.at)

    def on(self, days: float) -> None:
        self.at = min(self.at + dt.timedelta(days=days), self.scene.now)

    def tell(self) -> None:
        case, stage = self._found(), self.story.stage
        if stage == "found":
            return
        self.on(0.2)
        self.does(Move(case_id=case.pk, step="accept"))
        self.does(TakeOn(case_id=case.pk))
        if stage == "accepted":
            return
        self._begun(case)
        if stage == "handed":
            office = self.scene.stage.court.pk
            over = HandOver(case_id=case.pk, organisation_id=office, purpose="whole", reason="当事人选择起诉")
            self.does(over)
        elif self.story.terms:
            self._agreed(case)
        else:
            later = self.scene.now + dt.timedelta(days=1, hours=3)
            self.does(PlanSession(case_id=case.pk, at=later, place=PLACE))

    def _found(self) -> Case:
        story, where = self.story, self.scene.somewhere()
        first, second = (PEOPLE[(2 * self.number + n) % len(PEOPLE)] for n in (0, 1))
        opening = OpenCase(
            kind="dispute",
            category=story.category,
            title=f"{story.title}（合成）",
            address=where.text,
            longitude=where.longitude,
            latitude=where.latitude,
            data={"level": story.level, "how_found": "asked" if self.number % 2 else "visit"},
        )
        parties = (
            NewParty(kind="person", side="applicant", name=first),
            NewParty(kind="person", side="respondent", name=second),
        )
        return self.does(OpenDispute(opening=opening, parties=parties), "minjing")

    def _begun(self, case: Case) -> None:
        for number in (1, 2):
            self.does(SetConsent(case_id=case.pk, number=number, agrees=True, told_rights=True))
        self.does(Begin(case_id=case.pk))
        self.does(PlanSession(case_id=case.pk, at=self.at + dt.timedelta(hours=3), place=PLACE))
        self.on(0.2)
        attended = {"parties": 2, "mediators": 1, "committee": 1}
        outcome = "agreed" if self.story.terms else "go_on"
        self.does(HoldSession(case_id=case.pk, number=1, outcome=outcome, attended=attended))

    def _agreed(self, case: Case) -> None:
        today = local_day(self.at)
        terms = [
            Term(
                party=party,
                text=text,
                due_on=today + dt.timedelta(days=days),
                amount_yuan=Decimal(yuan) if yuan else None,
            )
            for party, text, days, yuan in self.story.terms
        ]
        self.does(ReachAgreement(case_id=case.pk, terms=terms, summary="双方就争议事项自愿达成一致。"))
        if self.story.stage == "agreed":
            return
        self.on(max(days for _, _, days, _ in self.story.terms))
        for number in range(1, len(terms) + 1):
            self.does(MarkObligation(case_id=case.pk, number=number, fulfilled=True, on=local_day(self.at)))
        if self.story.stage == "checked":
            self.on(91)
        if self.story.stage == "checked" and local_day(self.at) >= current_agreement(case).check_on:
            self.does(CheckKept(case_id=case.pk, kept=True, note="双方均表示按表用水。"))


def fill(scene: Scene) -> None:
    """Tell the stories, oldest first."""
    for number, story in enumerate(STORIES):
        _Teller(scene, story, number).tell()
