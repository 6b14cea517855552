"""What a mere share lets do, and that whatever shows a shared case is written down."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import EndShare, ShareCase
from linli.web.foundation.casework.actions.working import AddNote, Describe
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.casework.selectors import case_for
from linli.web.ops.disputes.actions.parties import RemoveParty, SetConsent
from linli.web.ops.premises.actions.sheets import SaveSheet
from linli.web.ops.problems.actions.measures import PlanMeasure
from web.disputes.telling import Teller
from web.premises.conftest import Works

WORDS = "不给外人看的一句话"


@pytest.fixture(autouse=True)
def _now(monkeypatch, now) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def _opened(stage, now, kind: str = "request", category: str = "help", **given) -> Case:
    more = {"title": WORDS, "description": WORDS, "place": stage.place.code, **given}
    return perform(OpenCase(kind=kind, category=category, **more), SYSTEM, now)


def _shared(case: Case, stage, actor, now) -> Case:
    share = ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界")
    perform(share, actor("suozhang"), now)
    return Case.objects.get(pk=case.pk)


def _refused(action, who, now) -> None:
    with pytest.raises(Forbidden, match="only shared with you"):
        perform(action, who, now)


# Guard 1
def test_who_has_only_a_share_changes_no_fact_of_the_case(stage, actor, now) -> None:
    case, who = _shared(_opened(stage, now), stage, actor, now), actor("linsuo")
    _refused(Describe(case_id=case.pk, title="改了", category="other", priority=0), who, now)
    _refused(Attach(case_id=case.pk, file_name="a.txt", content=b"a", public=True), who, now)
    perform(AddNote(case_id=case.pk, text="协助"), who, now)
    perform(Attach(case_id=case.pk, file_name="a.txt", content=b"a"), who, now)
    case.refresh_from_db()
    assert case.title == WORDS
    perform(Describe(case_id=case.pk, title="改了", category="other", priority=0), actor("minjing"), now)


# Guard 1
def test_who_has_only_a_share_neither_takes_out_a_party_nor_speaks_for_one(stage, cast, actor, now) -> None:
    case, who = _shared(Teller(stage, actor, now).accepted(), stage, actor, now), actor("linsuo")
    before = PersonalValue.objects.filter(case=case).count()
    _refused(RemoveParty(case_id=case.pk, number=1), who, now)
    _refused(SetConsent(case_id=case.pk, number=2, agrees=False, told_rights=True), who, now)
    assert PersonalValue.objects.filter(case=case).count() == before


# Guard 1
def test_who_has_only_a_share_fills_no_sheet_and_plans_no_measure(stage, cast, actor, now) -> None:
    works = Works(stage, cast, now)
    sheet = _shared(works.on_site(works.premises()), stage, actor, now)
    _refused(SaveSheet(case_id=sheet.pk, answers={}), actor("linsuo"), now)
    place = _shared(
        _opened(stage, now, "problem_place", "dark_corner", data={"signs": "暗"}), stage, actor, now
    )
    Case.objects.filter(pk=place.pk).update(state="planning")
    measure = PlanMeasure(case_id=place.pk, text="装灯", organisation_id=stage.post.pk, due=now.date())
    _refused(measure, actor("linsuo"), now)


# Guard 1
@pytest.mark.any_database
def test_the_page_offers_no_form_that_a_share_does_not_let_send(stage, actor, signed_in, now) -> None:
    case = _shared(_opened(stage, now), stage, actor, now)
    forms = (f"/cases/{case.number}/describe/", f"?parent={case.number}", 'name="public"')
    own = signed_in("minjing").get(f"/cases/{case.number}/").content.decode()
    shared = signed_in("linsuo").get(f"/cases/{case.number}/").content.decode()
    assert all(form in own for form in forms[:1])
    assert not any(form in shared for form in forms)
    assert f"/cases/{case.number}/note/" in shared


# Guard 2
def test_no_sub_case_hangs_on_a_case_that_is_only_shared(stage, actor, now) -> None:
    case = _shared(_opened(stage, now), stage, actor, now)
    child = OpenCase(
        kind="request", category="other", title="子", place=stage.other_place.code, parent_id=case.pk
    )
    _refused(child, actor("linsuo"), now)


# Guard 2
def test_who_answers_for_a_case_sees_the_sub_case_that_has_to_be_closed_before_it(stage, actor, now) -> None:
    case = _opened(stage, now)
    child = perform(
        OpenCase(
            kind="request", category="other", title="子", place=stage.other_place.code, parent_id=case.pk
        ),
        actor("guihua") if case.organisation is None else actor("minjing"),
        now,
    )
    assert case.organisation is not None
    assert child.shares.filter(organisation=case.organisation, ended_at__isnull=True).exists()
    assert case_for(actor("minjing"), child.number, at=now).pk == child.pk


def _routes(node: URLResolver, prefix: str = "") -> Iterator[str]:
    for one in node.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one, route)
        elif isinstance(one, URLPattern):
            yield route.replace("^", "").replace("$", "").replace("\\Z", "")


def _addresses(case: Case) -> Iterator[str]:
    """Every address with a case's number in it, with something plausible in its other places."""
    words = {
        "step": ("accept", "withdraw", "survey", "cancel"),
        "what": ("consent", "party", "hold", "level"),
    }
    for route in _routes(get_resolver()):
        if "<str:number>" not in route or route.startswith(("api", "audit", "open311")):
            continue
        path = "/" + route.replace("<str:number>", case.number)
        path = re.sub(r"<int:\w+>", "1", path)
        path = path.replace("<slug:kind>", "invitation").replace("<slug:form>", "pdf")
        found = re.search(r"<slug:(step|what)>", path)
        for word in words[found[1]] if found else ("",):
            yield re.sub(r"<(str|slug):\w+>", "1", path.replace(found[0], word) if found else path)


def _cases(stage, cast, actor, now) -> Iterator[Case]:
    works = Works(stage, cast, now)
    yield _opened(stage, now)
    yield _opened(stage, now, "incident", "burglary")
    yield _opened(stage, now, "problem_place", "dark_corner", data={"signs": WORDS})
    yield Teller(stage, actor, now).mediating()
    yield works.on_site(works.premises(name=WORDS))


# Guard 14
@pytest.mark.any_database
def test_whatever_shows_a_case_to_whom_it_is_shared_with_is_an_entry(
    stage, cast, actor, signed_in, now
) -> None:
    shown, silent = 0, set()
    for case in _cases(stage, cast, actor, now):
        perform(AddNote(case_id=case.pk, text=WORDS), actor("suozhang"), now)
        _shared(case, stage, actor, now)
        browser = signed_in("linsuo")
        looks = Entry.objects.filter(action="case.view_outside", subject_id=str(case.pk))
        for address in _addresses(case):
            for method in (browser.get, browser.post):
                before = looks.count()
                answer = method(address)
                if answer.status_code not in (200, 422) or answer.streaming:
                    continue
                if WORDS in answer.content.decode(errors="ignore"):
                    shown += 1
                    if looks.count() == before:
                        silent.add((method.__name__, address.replace(case.number, "…")))
    assert silent == set()
    assert shown > 15


# Guard 14
def test_a_step_that_is_refused_shows_the_page_and_is_an_entry(stage, actor, signed_in, now) -> None:
    case = _shared(_opened(stage, now), stage, actor, now)
    looks = Entry.objects.filter(action="case.view_outside", subject_id=str(case.pk))
    answer = signed_in("linsuo").post(f"/cases/{case.number}/step/accept/", {})
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert looks.get().detail == {"number": case.number, "by": "shared"}
    perform(EndShare(case_id=case.pk, organisation_id=stage.other_post.pk), actor("suozhang"), now)
    assert signed_in("linsuo").post(f"/cases/{case.number}/step/accept/", {}).status_code == 404
    assert looks.count() == 1
    assert signed_in("minjing").post(f"/cases/{case.number}/step/accept/", {}).status_code == 422
    assert looks.count() == 1
