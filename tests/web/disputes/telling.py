"""Takes a made-up water dispute as far as a test needs it, by the actions that people use."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import Action, Result, perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.disputes.actions.agreeing import ReachAgreement, Term
from linli.web.ops.disputes.actions.fulfilling import MarkObligation
from linli.web.ops.disputes.actions.mediating import Begin, HoldSession, PlanSession, TakeOn
from linli.web.ops.disputes.actions.opening import OpenDispute
from linli.web.ops.disputes.actions.parties import NewParty, SetConsent

PARTIES = (
    NewParty(kind="person", side="applicant", name="甲某", phone="13900000001"),
    NewParty(kind="unit", side="respondent", unit_name="合成灌溉合作社", name="乙某"),
)


@dataclass
class Teller:
    """Acts for the cast at a moment that moves on."""

    stage: Stage
    actor: Callable[[str], Actor]
    at: dt.datetime

    def does(self, who: str, action: Action[Result]) -> Result:
        return perform(action, self.actor(who), self.at)

    def waits(self, **duration: float) -> None:
        self.at += dt.timedelta(**duration)

    @property
    def today(self) -> dt.date:
        return (self.at + dt.timedelta(hours=8)).date()

    def found(self, who: str = "tiaojie", parties: tuple[NewParty, ...] = PARTIES, **given: object) -> Case:
        values = {"category": "water", "place": self.stage.place.code, **given}
        data = {"level": "village", "how_found": "asked"}
        opening = OpenCase(kind="dispute", title="灌溉用水先后争执", data=data, **values)  # type: ignore[arg-type]
        return self.does(who, OpenDispute(opening=opening, parties=parties))

    def accepted(self) -> Case:
        case = self.found()
        return self.does("tiaojie", Move(case_id=case.pk, step="accept"))

    def mediating(self) -> Case:
        case = self.accepted()
        self.does("tiaojie", TakeOn(case_id=case.pk))
        for number in (1, 2):
            self.does("tiaojie", SetConsent(case_id=case.pk, number=number, agrees=True, told_rights=True))
        return self.does("tiaojie", Begin(case_id=case.pk))

    def met(self, case: Case, outcome: str = "go_on") -> Case:
        number = case.sessions.count() + 1
        self.does(
            "tiaojie", PlanSession(case_id=case.pk, at=self.at + dt.timedelta(hours=1), place="村委会调解室")
        )
        self.waits(hours=2)
        held = HoldSession(
            case_id=case.pk, number=number, outcome=outcome, attended={"parties": 2, "mediators": 1}
        )
        return self.does("tiaojie", held)

    def agreed(self, days: int = 10) -> Case:
        case = self.mediating()
        self.met(case, "agreed")
        return self.does("tiaojie", ReachAgreement(case_id=case.pk, terms=self.terms(days)))

    def terms(self, days: int = 10) -> list[Term]:
        return [
            Term(party=2, text="修复支渠闸门", due_on=self.today + dt.timedelta(days=days)),
            Term(party=1, text="按轮灌表用水", due_on=self.today + dt.timedelta(days=2)),
        ]

    def fulfilled(self, days: int = 10) -> Case:
        case = self.agreed(days)
        for number in (1, 2):
            case = self.does(
                "tiaojie", MarkObligation(case_id=case.pk, number=number, fulfilled=True, on=self.today)
            )
        return case
