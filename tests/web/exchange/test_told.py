"""Programs are told of changes to cases, and never of who reads them."""

import inspect
import json

import pytest

from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.base import CaseAction
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal, SeeCase
from linli.web.foundation.casework.actions.sharing import BreakGlass, ShareCase
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Event
from linli.web.foundation.exchange.models import Delivery
from linli.web.foundation.exchange.subscriptions import Subscribe
from linli.web.foundation.exchange.told import TOLD
from web.security.walking import actions

READS = frozenset({"case.emergency", "case.read_personal", "case.view_outside"})
REASON = "现场有人受伤，需要立即联系报警人"


# Guard 12
@pytest.mark.any_database
def test_every_action_on_a_case_is_told_or_is_a_reading_that_nobody_is_told_of() -> None:
    about = {
        one.name
        for one in actions()
        if issubclass(one, CaseAction) or "tell_observers" in inspect.getsource(one)
    }
    assert about == TOLD | READS
    assert not TOLD & READS


# Guard 12
def test_a_partners_program_hears_of_no_reading_whoever_reads(actor, stage, now, settings) -> None:
    settings.WEBHOOK_HOSTS = ["a.example"]
    opening = OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code)
    case = perform(opening, actor("minjing"), now)
    perform(Subscribe(url="https://a.example/x"), actor("fating"), now)
    share = ShareCase(case_id=case.pk, organisation_id=stage.court.pk, reason="协助")
    perform(share, actor("suozhang"), now)
    perform(ReadPersonal(case_id=case.pk), actor("minjing"), now)
    perform(SeeCase(case_id=case.pk, by="shared"), actor("fating"), now)
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    perform(SeeCase(case_id=case.pk, by="emergency"), actor("linsuo"), now)
    perform(AddNote(case_id=case.pk, text="已联系"), actor("minjing"), now)
    told = [json.loads(one.body)["event"] for one in Delivery.objects.order_by("pk")]
    assert told == ["case.share", "case.note"]
    assert Event.objects.filter(case=case, kind="emergency").exists()
