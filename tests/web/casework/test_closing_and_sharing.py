"""A share is help: who closes a case or answers for it comes to it by territory, office or assignment."""

from dataclasses import replace

import pytest

from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import Context, perform
from linli.web.foundation.actions.refusals import Forbidden
from linli.web.foundation.casework.actions.moving import Move, allowed_steps
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.actions.working import AddNote, Assign
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import Filters, case_page
from linli.web.foundation.casework.subjects import may_case
from linli.web.foundation.casework.types.model import Transition, TypeSpec
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.types.versions import spec_of
from linli.web.ops.premises.actions.steps import TakeStep

KINDS = sorted(kind for kind in case_types() if kind != "supervision")
HELPERS = {"other_post": "linsuo", "other_station": "linsuozhang", "court": "fating"}
"""Offices that a case is shared with, and somebody who works there."""


def _given(fields, now) -> dict[str, object]:
    some = {"integer": 1, "decimal": "1", "yes_no": True, "date": "2026-03-09", "phone": "13800000000"}
    return {
        one.id: one.choices[0][0] if one.choices else some.get(one.kind, now.isoformat()) for one in fields
    }


def _opened(kind: str, stage, now, by: Actor = SYSTEM, **more) -> Case:
    spec = case_types()[kind]
    data = _given([one for one in spec.fields if one.on_opening and one.required], now)
    given = {"kind": kind, "category": spec.categories[0].id, "title": "一件事", "place": stage.place.code}
    return perform(OpenCase(data=data, **{**given, **more}), by, now)


def _decides(spec: TypeSpec) -> list[Transition]:
    """The steps that close or answer, and that somebody takes on the case's page."""
    closed = {state.id for state in spec.states if state.kind == "closed"}
    return [one for one in spec.transitions if one.roles and (one.answers or one.target in closed)]


def _move(case: Case, step: Transition, spec: TypeSpec, now, kind: type[Move] = Move) -> Move:
    return kind(
        case_id=case.pk,
        step=step.id,
        note="办了",
        answer="答复",
        result=step.results[0] if step.results else "",
        data=_given([spec.field_by_id[id_] for id_ in step.requires], now),
    )


def _refused(move: Move, who: Actor, now) -> bool:
    with pytest.raises(Forbidden) as refused:
        perform(move, who, now)
    return "共享" in refused.value.text.zh


# Guard 1
@pytest.mark.parametrize("kind", KINDS)
def test_who_has_only_a_share_neither_closes_nor_answers_and_who_has_reach_does(
    kind, actor, stage, now
) -> None:
    case = _opened(kind, stage, now)
    for office in HELPERS:
        share = ShareCase(case_id=case.pk, organisation_id=stage.of(office).pk, reason="同办")
        perform(share, actor("suozhang"), now)
    spec = spec_of(case)
    tried = 0
    for step in _decides(spec):
        Case.objects.filter(pk=case.pk).update(state=step.source[0], closed_at=None)
        case.refresh_from_db()
        for username in HELPERS.values():
            who = actor(username)
            if not who.roles & set(step.roles):
                continue
            by_share = bool(who.roles & set(step.by_share))
            offered = step in allowed_steps(case, spec, Context(who, now))
            assert offered is by_share, (step.id, username)
            if not by_share:
                assert _refused(_move(case, step, spec, now), who, now)
                tried += 1
        if actor("suozhang").roles & set(step.roles):
            assert step in allowed_steps(case, spec, Context(actor("suozhang"), now))
    case.refresh_from_db()
    assert tried
    assert not case.events.filter(kind__in=("moved", "answer")).exists()
    # Help is not taken away: a note, and whatever step does not decide.
    perform(AddNote(case_id=case.pk, text="协助"), actor("linsuo"), now)


# Guard 1
@pytest.mark.parametrize(
    ("kind", "state", "step"), [("inspection", "on_site", "pass"), ("dispute", "agreed", "fulfil")]
)
def test_a_feature_that_closes_inside_its_own_action_closes_by_no_share_either(
    kind, state, step, actor, stage, now
) -> None:
    case = _opened(kind, stage, now)
    share = ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="同办")
    perform(share, actor("suozhang"), now)
    Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    who, spec = actor("linsuo"), spec_of(case)
    take = TakeStep if kind == "inspection" else Move
    context = Context(who, now)
    with pytest.raises(Forbidden):
        # As a feature takes it inside its own action: the change alone, without the step's check.
        _move(case, spec.transition_by_id[step], spec, now, take).change(context)
    if kind == "inspection":
        with pytest.raises(Forbidden):
            _move(case, spec.transition_by_id[step], spec, now, take).check(context)
    case.refresh_from_db()
    assert case.closed_at is None


# Guard 1
def test_whose_case_it_becomes_closes_and_answers_it(actor, cast, stage, now) -> None:
    case = _opened("request", stage, now)
    spec = spec_of(case)
    perform(Assign(case_id=case.pk, organisation_id=stage.court.pk), actor("suozhang"), now)
    case.refresh_from_db()
    Case.objects.filter(pk=case.pk).update(state="resolved")
    done = perform(_move(case, spec.transition_by_id["reply"], spec, now), actor("fating"), now)
    assert done.closed_at is not None
    assert done.events.filter(kind="answer", public=True).exists()


# Guard 1
def test_the_role_that_closes_is_the_one_that_reaches_the_case(actor, cast, stage, now) -> None:
    """A grid worker here who is an officer elsewhere closes here as neither."""
    case = _opened("problem_place", stage, now)
    Grant.objects.create(
        user=cast["wangge"], role="officer", organisation=stage.other_post, starts=now.date()
    )
    Case.objects.filter(pk=case.pk).update(state="found")
    case.refresh_from_db()
    who, spec = actor_of(cast["wangge"], now), spec_of(case)
    assert may_case(who, "work", case, now)
    assert _refused(_move(case, spec.transition_by_id["dismiss"], spec, now), who, now)


# Guard 1
@pytest.mark.any_database
def test_every_role_that_a_shipped_type_lets_answer_may_answer_by_the_table() -> None:
    for spec in case_types().values():
        for step in spec.transitions:
            for name in step.roles if step.answers else ():
                role = role_of(name)
                assert role is not None
                assert "answer" in role.verbs(spec.id), (spec.id, step.id, name)
            assert set(step.by_share) <= set(step.roles)


# Guard 1
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "只是共享给您的"), ("en", "The case is only shared with you")]
)
def test_the_page_offers_no_closing_step_by_a_share_and_a_post_says_why(
    language, words, signed_in, actor, stage, now
) -> None:
    case = _opened("request", stage, now)
    share = ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="同办")
    perform(share, actor("suozhang"), now)
    client = signed_in("linsuo", language)
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert f"/cases/{case.number}/step/accept/" in page
    assert f"/cases/{case.number}/step/reject/" not in page
    answer = client.post(
        f"/cases/{case.number}/step/reject/",
        {"note": "x", "answer": "x", "result": "not_ours", "revision": case.revision + 1},
    )
    assert words in answer.content.decode()
    case.refresh_from_db()
    assert case.closed_at is None


# Guard 1
@pytest.mark.parametrize("kind", ["request", "dispute", "incident"])
def test_who_opened_a_case_and_went_to_another_station_sees_it_and_does_nothing_more(
    kind, actor, cast, stage, now
) -> None:
    case = _opened(kind, stage, now, actor("minjing"))
    verbs = ("view", "personal", "work", "assign", "answer", "share", "merge", "export")
    assert {verb for verb in verbs if may_case(actor("minjing"), verb, case, now)} == set(verbs)
    Grant.objects.filter(user=cast["minjing"]).update(organisation=stage.other_post)
    moved = actor_of(cast["minjing"], now)
    assert {verb for verb in verbs if may_case(moved, verb, case, now)} == {"view"}
    assert case.pk in {one.pk for one in case_page(moved, Filters(), at=now).cases}
    with pytest.raises(Forbidden):
        perform(AddNote(case_id=case.pk, text="x"), moved, now)
    # Who is given it where they work now has all of it, wherever it lies.
    Case.objects.filter(pk=case.pk).update(assignee=cast["minjing"], organisation=stage.other_post)
    case.refresh_from_db()
    assert may_case(moved, "personal", case, now)


# Guard 1
def test_who_opened_a_case_here_works_on_it_however_closely_it_is_held(actor, stage, now) -> None:
    case = _opened("dispute", stage, now, actor("minjing"))
    Case.objects.filter(pk=case.pk).update(confidentiality=2)
    case.refresh_from_db()
    minjing = actor("minjing")
    assert may_case(minjing, "work", case, now)
    assert not may_case(replace(minjing, user_id=actor("jumin").user_id), "work", case, now)
