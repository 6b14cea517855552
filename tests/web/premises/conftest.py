"""Made-up premises of the fixed cast's county, and short ways through an inspection."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case
from linli.web.ops.premises.actions.files import Upload
from linli.web.ops.premises.actions.notices import GiveEvidence, Recheck
from linli.web.ops.premises.actions.planning import PlanInspection
from linli.web.ops.premises.actions.register import Details, RegisterPremises
from linli.web.ops.premises.actions.sheets import Given, SaveSheet
from linli.web.ops.premises.checklists import shipped_checklist
from linli.web.ops.premises.models import Premises


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    """Pages ask the platform's clock; the tests' day is the cast's."""
    from linli.web.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: now)


@dataclass
class Works:
    """The cast at work on premises."""

    stage: Stage
    cast: dict[str, User]
    now: dt.datetime

    def by(self, username: str, at: dt.datetime | None = None) -> Actor:
        return actor_of(self.cast[username], at or self.now)

    def day(self, days: int = 0) -> dt.date:
        return (self.now + dt.timedelta(days=days, hours=8)).date()

    def details(self, **changed: Any) -> Details:
        given = {
            "kind": "shop",
            "name": "惠民商场",
            "address": "合成路 1 号",
            "longitude": self.stage.place.longitude,
            "latitude": self.stage.place.latitude,
            "organisation_id": self.stage.unit.pk,
            "duty_telephone": "0874-1234567",
        }
        return Details(**{**given, **changed})

    def premises(self, by: str = "minjing", at: dt.datetime | None = None, **changed: Any) -> Premises:
        return perform(RegisterPremises(details=self.details(**changed)), self.by(by), at or self.now)

    def elsewhere(self, **changed: Any) -> Premises:
        place = self.stage.other_place
        where = {"longitude": place.longitude, "latitude": place.latitude, "organisation_id": None}
        return self.premises("linsuo", **{"name": "邻所商铺", **where, **changed})

    def planned(self, premises: Premises, by: str = "minjing", **changed: Any) -> Case:
        given = {"premises_id": premises.pk, "occasion": "scheduled", "planned_for": self.day()}
        action = PlanInspection(**{**given, **changed})
        perform(action, self.by(by), self.now)
        return action.case

    def on_site(self, premises: Premises, by: str = "minjing") -> Case:
        case = self.planned(premises)
        return perform(Move(case_id=case.pk, step="begin"), self.by(by), self.now)

    def finished(self, case: Case, *bad: str, by: str = "minjing", days: int = 7, kind: str = "shop") -> Case:
        answers = {
            item.id: Given("no", "通道堆放货物") if item.id in bad else Given("yes")
            for item in shipped_checklist(kind)
        }
        sheet = SaveSheet(
            case_id=case.pk, answers=answers, finish=True, fix_by=self.day(days) if bad else None
        )
        return perform(sheet, self.by(by), self.now)

    def noticed(self, premises: Premises, *bad: str) -> Case:
        return self.finished(self.on_site(premises), *(bad or ("exits",)))

    def answered(self, case: Case, by: str = "danwei", files: tuple[Upload, ...] = ()) -> Case:
        return perform(GiveEvidence(case_id=case.pk, text="已清理通道", files=files), self.by(by), self.now)

    def rechecked(self, case: Case, by: str = "minjing", days: int = 5, **fixed: bool) -> Case:
        action = Recheck(case_id=case.pk, fixed=fixed or {"exits": True}, fix_by=self.day(days))
        return perform(action, self.by(by), self.now)


@pytest.fixture
def works(stage: Stage, cast: dict[str, User], now: dt.datetime) -> Works:
    return Works(stage, cast, now)


@pytest.fixture
def photo() -> Callable[[], Upload]:
    """A small picture as a telephone takes it."""

    def make(name: str = "现场.jpg") -> Upload:
        import io

        from PIL import Image

        piece = io.BytesIO()
        Image.new("RGB", (32, 24), (120, 40, 40)).save(piece, "JPEG")
        return Upload(name, piece.getvalue())

    return make
