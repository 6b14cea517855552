"""Breaking the glass lets somebody read one case: no act of any feature writes to it by that."""

import dataclasses
import datetime as dt

import pytest

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.base import CaseAction
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.reading import ReadPersonal
from linli.web.foundation.casework.actions.sharing import BreakGlass
from linli.web.foundation.casework.models import Case, Notice
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.register import case_types
from linli.web.ops.disputes.asking import offered
from web.security.trying import allowed, made
from web.security.walking import actions

REASON = "现场有人受伤，需要立即联系报警人"
KINDS = sorted(kind for kind in case_types() if "emergency" in roles()["officer"].verbs(kind))
READS = {"case.read_personal", "case.view_outside", "case.emergency"}
NEIGHBOURS = ("linsuo", "linsuozhang")


def _opened(kind: str, stage, now) -> Case:
    """A case of a kind in the own station's area, with whatever its type asks for."""
    some = {"integer": 1, "decimal": "1", "yes_no": True, "date": "2026-03-09", "phone": "13800000000"}
    asked = [one for one in case_types()[kind].fields if one.on_opening and one.required]
    data = {
        one.id: one.choices[0][0] if one.choices else some.get(one.kind, now.isoformat()) for one in asked
    }
    category = case_types()[kind].categories[0].id
    action = OpenCase(kind=kind, category=category, title="一件事", place=stage.place.code, data=data)
    return perform(action, SYSTEM, now)


# Guard 1
@pytest.mark.parametrize("kind", KINDS)
def test_who_broke_the_glass_reads_and_is_refused_every_act_of_every_feature(kind, actor, stage, now) -> None:
    case = _opened(kind, stage, now)
    tried = [one for one in actions() if issubclass(one, CaseAction) and one.name not in READS]
    assert len(tried) > 40
    wrong = []
    for username in NEIGHBOURS:
        who = actor(username)
        perform(BreakGlass(case_id=case.pk, reason=REASON), who, now)
        perform(ReadPersonal(case_id=case.pk), who, now)
        assert {verb for verb in ("view", "personal", "work", "assign", "answer", "share", "merge", "export")
                if may_case(who, verb, case, now)} == {"view", "personal"}  # fmt: skip
        wrong += [
            f"{action.__name__} {username}"
            for action in tried
            if allowed(lambda a=action: made(a, now, {"case_id": case.pk}), who, now)
        ]
    assert not wrong, "\n".join(wrong)


# Guard 1
def test_nobody_merges_an_own_case_into_one_that_is_only_read(actor, stage, now) -> None:
    other = _opened("request", stage, now)
    own = OpenCase(
        kind="request", category=other.category, title="一件事", place=stage.other_place.code, data={}
    )
    mine = perform(own, SYSTEM, now)
    perform(BreakGlass(case_id=other.pk, reason=REASON), actor("linsuo"), now)
    with pytest.raises(Forbidden):
        perform(Merge(case_id=mine.pk, into_id=other.pk), actor("linsuo"), now)
    other.refresh_from_db()
    assert not other.events.filter(kind="merged_here").exists()


# Guard 1
@pytest.mark.parametrize("kind", ["request", "dispute", "incident"])
def test_the_page_shows_who_only_reads_no_form_that_writes(kind, signed_in, actor, stage, now) -> None:
    case = _opened(kind, stage, now)
    client = signed_in("linsuozhang")
    client.post(f"/cases/{case.number}/emergency/", {"reason": REASON})
    answer = client.get(f"/cases/{case.number}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    forms = {part.split('"')[0] for part in page.split('action="')[1:]}
    assert {form for form in forms if case.number in form} <= {f"/cases/{case.number}/personal/"}
    assert offered(case, actor("linsuozhang"), now) == frozenset()
    seen = case.revision
    for path in ("note/", "answer/", "assign/", "describe/", "share/", "attach/", "step/accept/"):
        client.post(f"/cases/{case.number}/{path}", {"text": "x", "title": "x", "to": "1"})
    case.refresh_from_db()
    assert case.revision == seen + 1


# Guard 1
def test_the_assignee_is_told_at_once_and_else_the_owners_chief_and_always_the_auditors(
    actor, cast, stage, now
) -> None:
    case = _opened("request", stage, now)
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    told = Notice.objects.values_list("kind", "user__username")
    assert set(told) == {("emergency", "shenji"), ("emergency_here", "suozhang")}
    Notice.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(assignee=cast["minjing"])
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuozhang"), now)
    assert set(told.all()) == {("emergency", "shenji"), ("emergency_here", "minjing")}


# Guard 1
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "有人紧急查看了您承办的事项"), ("en", "Somebody broke the glass")],
)
def test_the_handler_reads_of_it_in_the_own_language(language, words, signed_in, actor, stage, now) -> None:
    case = _opened("request", stage, now)
    perform(BreakGlass(case_id=case.pk, reason=REASON), actor("linsuo"), now)
    page = signed_in("suozhang", language).get("/notices/").content.decode()
    assert words in page
    assert f"/cases/{case.number}/" in page


# Guard 1
def test_who_has_a_share_as_well_still_works_by_the_share(actor, cast, stage, now) -> None:
    from linli.web.foundation.casework.actions.sharing import ShareCase

    case = _opened("request", stage, now)
    share = ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="同办")
    perform(share, actor("minjing"), now)
    extra = User.objects.create_user("duoren", None, display_name="多任")
    for office in (stage.other_post, stage.other_station):
        Grant.objects.create(user=extra, role="officer", organisation=office, starts=dt.date(2026, 1, 1))
    who = actor_of(extra, now)
    perform(BreakGlass(case_id=case.pk, reason=REASON), who, now)
    assert may_case(who, "work", case, now)
    elsewhere = tuple(held for held in who.held if held.organisation_id != stage.other_post.pk)
    assert len(elsewhere) == 1
    assert not may_case(dataclasses.replace(who, held=elsewhere), "work", case, now)
