"""Actions that are not about one case, made ready to be tried in the own or in another territory."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.apps import apps

from linli.kernel.calendar import OFFICE_HOURS
from linli.kernel.statutory import statutory_days
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actions.entry import (
    EndSession,
    EndSessions,
    ResetPassword,
    ResetSecondFactor,
    Unlock,
)
from linli.web.foundation.accounts.actions.people import ChangeAccount, Deactivate, MakeAccount, Reactivate
from linli.web.foundation.accounts.actions.roles import GiveRole, TakeRole
from linli.web.foundation.accounts.actions.seconding import ProposeChange
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.actions.action import Action, perform
from linli.web.foundation.audit.actions import ReviewEmergency
from linli.web.foundation.calendars.actions import EnterNotice, SetHours, WithdrawNotice
from linli.web.foundation.calendars.models import YearNotice
from linli.web.foundation.casework.actions.deadlines import Shred
from linli.web.foundation.casework.actions.exporting import LogExport
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, EmergencyAccess
from linli.web.foundation.places.actions import Decide, Propose, PutInForce, Schedule
from linli.web.foundation.places.models import Deployment, Place

__all__ = ["BUILDERS", "Scene"]


@dataclass(frozen=True)
class Scene:
    """Where an action is tried."""

    stage: Stage
    now: dt.datetime
    territory: str
    cast: Mapping[str, User]

    @property
    def place(self) -> Place:
        """A village of the own or of the other station."""
        return self.stage.place if self.territory == "own" else self.stage.other_place

    def account(self) -> User:
        """Somebody of the own or of the other station, who is in nobody's cast."""
        made = User.objects.create_user(f"someone-{self.territory}", None, display_name="某人")
        post = self.stage.post if self.territory == "own" else self.stage.other_post
        Grant.objects.create(user=made, role="auxiliary", organisation=post, starts=dt.date(2026, 1, 1))
        return made

    def case(self) -> Case:
        """A request there."""
        return perform(
            OpenCase(kind="request", category="streetlight", title="路灯", place=self.place.code),
            SYSTEM,
            self.now,
        )

    def emergency(self) -> EmergencyAccess:
        """A time that somebody broke the glass there."""
        return EmergencyAccess.objects.create(
            case=self.case(),
            user=self.cast["linsuozhang"],
            reason="现场紧急需要了解情况",
            since=self.now,
            until=self.now + dt.timedelta(hours=1),
        )

    def deployment(self, status: str) -> Deployment:
        """A version of the plan that waits for somebody."""
        version = Deployment.objects.get()
        version.pk, version.status, version.digest = None, status, status
        version.save(force_insert=True)
        return version

    def thing(self, name: str) -> int:
        """The id of something there that is no case: premises of a unit, a device."""
        place = self.place
        codes = {"station_code": place.station_code, "beat_code": place.beat_code, "place_code": place.code}
        if name == "premises":
            owner = self.stage.unit if self.territory == "own" else None
            row = apps.get_model("premises", "Premises").objects.create(
                kind="shop", name="店", address="街", registered_at=self.now, organisation=owner, **codes
            )
        else:
            owner = self.stage.unit if self.territory == "own" else self.stage.other_post
            row = apps.get_model("equipment", "Device").objects.create(
                code="D1", kind="radio", name="对讲机", purpose="巡逻", organisation=owner, **codes
            )
        return int(row.pk)


def _of_account(make: Callable[[int, Scene], Action]) -> Callable[[Scene], Action]:
    def build(scene: Scene) -> Action:
        found = User.objects.filter(username=f"someone-{scene.territory}").first() or scene.account()
        return make(found.pk, scene)

    return build


def _grant(pk: int) -> int:
    return Grant.objects.get(user_id=pk).pk


def _a_notice(scene: Scene) -> int:
    if not YearNotice.objects.filter(replaced_at=None).exists():
        YearNotice.objects.create(year=2026, entered_at=scene.now)
    return 2026


BUILDERS: Mapping[str, Callable[[Scene], Action]] = {
    "account.make": lambda s: MakeAccount(username="xinren", display_name="新", password="x" * 16),
    "account.change": _of_account(
        lambda pk, s: ChangeAccount(account_id=pk, display_name="新", language="zh")
    ),
    "account.deactivate": _of_account(lambda pk, s: Deactivate(account_id=pk, reason="调离")),
    "account.reactivate": _of_account(lambda pk, s: Reactivate(account_id=pk)),
    "account.give_role": _of_account(
        lambda pk, s: GiveRole(
            account_id=pk, role="chief", organisation_id=s.stage.station.pk, starts=s.now.date()
        )
    ),
    "account.take_role": _of_account(lambda pk, s: TakeRole(account_id=pk, grant_id=_grant(pk))),
    "account.reset_password": _of_account(lambda pk, s: ResetPassword(account_id=pk, password="x" * 16)),
    "account.reset_factor": _of_account(lambda pk, s: ResetSecondFactor(account_id=pk)),
    "account.unlock": _of_account(lambda pk, s: Unlock(account_id=pk)),
    "account.propose": _of_account(lambda pk, s: ProposeChange(account_id=pk, what="reset_password")),
    "account.end_sessions": _of_account(lambda pk, s: EndSessions(account_id=pk)),
    "account.end_session": lambda s: EndSession(keep="x"),
    "audit.review_emergency": lambda s: ReviewEmergency(
        emergency_id=(EmergencyAccess.objects.first() or s.emergency()).pk, justified=True, verdict="属实"
    ),
    "case.open": lambda s: OpenCase(kind="request", category="streetlight", title="路灯", place=s.place.code),
    "case.shred": lambda s: Shred(case_id=(Case.objects.first() or s.case()).pk),
    "calendar.enter_notice": lambda s: EnterNotice(year=2026, rest=tuple(statutory_days(2026)), worked=()),
    "calendar.withdraw_notice": lambda s: WithdrawNotice(year=_a_notice(s)),
    "calendar.set_hours": lambda s: SetHours(since=s.now.date(), periods=OFFICE_HOURS),
    "deployment.propose": lambda s: Propose(text="x"),
    "deployment.decide": lambda s: Decide(
        version=(Deployment.objects.filter(status="proposed").first() or s.deployment("proposed")).pk,
        approve=True,
    ),
    "deployment.put_in_force": lambda s: PutInForce(
        version=(Deployment.objects.filter(status="approved").first() or s.deployment("approved")).pk,
        on=s.now.date(),
    ),
    "deployment.schedule": lambda s: Schedule(
        version=(Deployment.objects.filter(status="approved").first() or s.deployment("approved")).pk, on=None
    ),
    "export": lambda s: LogExport(what="cases"),
}
