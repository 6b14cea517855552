"""Lists and single decisions agree: ``scopes()`` lets through exactly what ``may()`` allows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.web.foundation.accounts.access import Subject, may, scopes
from linli.web.foundation.accounts.actor import Actor, Held
from linli.web.foundation.accounts.roles import VERBS as EVERY_VERB
from linli.web.foundation.accounts.roles import Confidentiality, roles
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import Filters, case_page, visible
from linli.web.foundation.casework.subjects import may_case, own_subject
from linli.web.foundation.casework.types.register import case_types

LEVELS = st.sampled_from(["county", "station", "beat", "place", "own"])
VERBS = st.sampled_from(["view", "work", "export", "personal", "assign"])


@pytest.fixture
def cases(stage, now) -> list[Case]:
    """Cases of every kind in two stations, some in no place, held normally, internally and as sensitive."""
    from linli.web.foundation.accounts.actor import SYSTEM

    category = case_types()["request"].categories[0].id
    made = []
    for place in (stage.place, stage.other_place, None):
        for kind in sorted(case_types()):
            for held in Confidentiality:
                action = OpenCase(
                    kind="request",
                    category=category,
                    title="一件事",
                    place="" if place is None else place.code,
                )
                case = perform(action, SYSTEM, now)
                owner = stage.unit if held is Confidentiality.NORMAL else stage.court
                Case.objects.filter(pk=case.pk).update(
                    case_type=kind, confidentiality=int(held), organisation=owner
                )
                made.append(case.pk)
    return list(Case.objects.filter(pk__in=made))


def _codes(stage) -> dict[str, list[frozenset[str]]]:
    own, other = stage.place, stage.other_place
    return {
        "county": [frozenset()],
        "own": [frozenset()],
        "station": [
            frozenset(),
            frozenset({own.station_code}),
            frozenset({own.station_code, other.station_code}),
        ],
        "beat": [frozenset({own.beat_code}), frozenset({own.beat_code, other.beat_code})],
        "place": [frozenset({own.code}), frozenset({other.code}), frozenset({own.code, other.code})],
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_list_holds_what_may_be_done_and_nothing_else(data, cases, stage) -> None:
    held = []
    for number in range(data.draw(st.integers(0, 3))):
        level = data.draw(LEVELS)
        held.append(
            Held(
                role=data.draw(st.sampled_from([*sorted(roles()), "a role that was taken out of the table"])),
                organisation_id=data.draw(st.sampled_from([stage.unit.pk, stage.court.pk, stage.post.pk])),
                organisation=f"单位{number}",
                level=level,
                codes=data.draw(st.sampled_from(_codes(stage)[level])),
            )
        )
    actor = Actor(user_id=10**6, name="某人", held=tuple(held))
    verb = data.draw(VERBS)
    kinds = data.draw(st.sets(st.sampled_from(sorted(case_types())), min_size=1))
    scope = scopes(actor, verb, sorted(kinds), kind_field="case_type", confidentiality="confidentiality")
    found = set()
    if scope is not None:
        found = set(Case.objects.filter(scope, case_type__in=kinds).values_list("pk", flat=True))
    expected = {case.pk for case in cases if case.case_type in kinds and may(actor, verb, own_subject(case))}
    assert found == expected
    assert set(visible(actor, verb=verb).values_list("pk", flat=True)) == {
        case.pk for case in cases if may(actor, verb, own_subject(case))
    }


def test_a_page_of_the_list_holds_what_each_member_of_the_cast_may_see(cases, cast, actor, now) -> None:
    for username in cast:
        who = actor(username)
        page = case_page(who, Filters(), at=now, size=500)
        assert {case.pk for case in page.cases} == {
            case.pk for case in cases if may_case(who, "view", case, now)
        }


@settings(max_examples=200, deadline=None)
@given(
    role=st.sampled_from(sorted(roles())),
    verb=VERBS,
    kind=st.sampled_from(sorted(["request", "incident", "dispute", "account", "premises"])),
)
def test_more_roles_never_take_anything_away(role, verb, kind) -> None:
    def held(name: str, level: str) -> Held:
        return Held(role=name, organisation_id=1, organisation="", level=level, codes=frozenset({"s1"}))  # type: ignore[arg-type]

    subject = Subject(kind=kind, station="s2", beat="b2", place="p2", organisation_id=9)
    alone = Actor(user_id=1, name="", held=(held(role, "county"),))
    both = Actor(user_id=1, name="", held=(held("officer", "station"), held(role, "county")))
    assert may(both, verb, subject) >= may(alone, verb, subject)
    columns = {"station": "station_code", "beat": None, "place": None, "organisation": None}
    one, two = scopes(alone, verb, (kind,), **columns), scopes(both, verb, (kind,), **columns)
    if one is not None and not one:
        # Everything stays everything, whatever else is held.
        assert two is not None
        assert not two


# Guard 1
def test_a_share_lets_see_and_work_and_an_emergency_only_read_and_neither_pass_on() -> None:
    officer = Held(
        role="officer", organisation_id=5, organisation="", level="station", codes=frozenset({"s1"})
    )
    actor = Actor(user_id=7, name="", held=(officer,))
    for more, verbs in (
        ({"shared_with": frozenset({5})}, {"view", "work", "personal"}),
        ({"opened_for": frozenset({7})}, {"view", "personal"}),
    ):
        for kind in sorted(case_types()):
            subject = Subject(kind=kind, station="s2", **more)
            assert {verb for verb in EVERY_VERB if may(actor, verb, subject)} - {"emergency"} == (
                verbs & roles()["officer"].verbs(kind)
            ), kind
