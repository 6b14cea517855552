"""The permission matrix: every role × action × own and other territory, as ``matrix.toml`` says."""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from linli.web.demonstration.cast import CAST
from linli.web.foundation.accounts.access import Subject, may, may_anywhere
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.roles import OTHER_KINDS, VERBS, roles
from linli.web.foundation.actions.action import Action, perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.types.register import case_types
from web.conftest import ROLES
from web.security.building import BUILDERS, Scene
from web.security.trying import allowed, made
from web.security.walking import actions, node_exists, places_that_name

TABLE: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
KINDS: Mapping[str, Any] = TABLE["kind"]
TERRITORIES = ("own", "other")
OWN_LEVEL = {"unit_manager": "unit", "partner": "court"}
"""Roles that see what concerns their own organisation, and that organisation's name on the stage."""


def _listed(kind: str, verb: str, territory: str) -> set[str]:
    rows = KINDS[kind]
    found = set(rows.get(territory, {}).get(verb, ()))
    return found | set(rows.get("anywhere", {}).get(verb, ()))


def _required(kind: str, now: dt.datetime) -> dict[str, Any]:
    """Something for each field without which a case of the kind cannot be opened."""
    some = {
        "integer": 1,
        "decimal": "1",
        "yes_no": True,
        "date": now.date().isoformat(),
        "datetime": now.isoformat(),
        "phone": "13800000000",
    }
    asked = [one for one in case_types()[kind].fields if one.on_opening and one.required]
    return {one.id: one.choices[0][0] if one.choices else some.get(one.kind, "一句话") for one in asked}


@pytest.fixture
def cases(stage, now):
    """Makes a case of a kind for a role: in its own territory, or in another station's."""

    def make(kind: str, role: str, territory: str, cast: Mapping[str, Any]) -> Case:
        place = stage.place if territory == "own" else stage.other_place
        category = case_types()[kind].categories[0].id
        case = perform(
            OpenCase(
                kind=kind, category=category, title="一件事", place=place.code, data=_required(kind, now)
            ),
            SYSTEM,
            now,
        )
        own = OWN_LEVEL.get(role) if territory == "own" else None
        if own is not None:
            Case.objects.filter(pk=case.pk).update(organisation=stage.of(own))
        if role == "resident" and territory == "own":
            Case.objects.filter(pk=case.pk).update(opened_by=cast["jumin"])
        case.refresh_from_db()
        return case

    return make


def test_the_table_speaks_of_every_role_kind_and_verb() -> None:
    assert set(KINDS) == set(case_types()) | set(OTHER_KINDS)
    assert {member.role for member in CAST} == set(roles())
    for kind, territories in KINDS.items():
        assert set(territories) <= {"own", "other", "anywhere"}, kind
        for verbs in territories.values():
            assert set(verbs) <= set(VERBS), kind
            for listed in verbs.values():
                assert set(listed) <= set(roles()), (kind, listed)


def test_every_action_has_a_row_and_every_row_an_action() -> None:
    rows = set(TABLE["action"]) | set(TABLE["of_one_kind"]) | set(TABLE["other"])
    named = {one.name for one in actions()}
    assert named - rows == set()
    assert rows - named == set()


@pytest.mark.any_database
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_role_may_do_to_a_kind_what_the_table_says(kind, actor, stage, now, cases, cast) -> None:
    wrong = []
    for role, username in ROLES.items():
        for territory in TERRITORIES:
            subject = _subject(kind, role, territory, stage, now, cases, cast)
            for verb in VERBS:
                if verb in KINDS[kind].get("anywhere", {}) and verb != "approve":
                    got, expected = (
                        may_anywhere(actor(username), verb, kind),
                        role in _listed(kind, verb, "own"),
                    )
                else:
                    got, expected = (
                        may(actor(username), verb, subject),
                        role in _listed(kind, verb, territory),
                    )
                if got is not expected:
                    wrong.append(f"{role} {verb} {kind} {territory}: {got}, and the table says {expected}")
    assert not wrong, "\n".join(wrong)


def _subject(kind: str, role: str, territory: str, stage, now, cases, cast) -> Subject:
    from linli.web.foundation.casework.subjects import subject_of

    if kind in case_types():
        return subject_of(cases(kind, role, territory, cast), now)
    place = stage.place if territory == "own" else stage.other_place
    organisation = stage.of(OWN_LEVEL.get(role, "post")) if territory == "own" else stage.other_post
    return Subject(
        kind=kind,
        station=place.station_code,
        beat=place.beat_code,
        place=place.code,
        organisation_id=organisation.pk,
    )


def _expected(row: Any, kind: str, role: str, territory: str) -> bool:
    verb = row if isinstance(row, str) else row.get("verb", "")
    if verb == "nobody" or (isinstance(row, dict) and row.get("kind", kind) != kind):
        return False
    if not verb:
        return role in row[territory]
    listed = role in _listed(kind, verb, territory)
    if not isinstance(row, dict):
        return listed
    return listed and role not in (*row.get("but_not", ()), *row.get("but_not_of", {}).get(kind, ()))


@pytest.mark.any_database
@pytest.mark.parametrize("kind", sorted(case_types()))
def test_every_action_on_a_case_is_allowed_and_refused_as_the_table_says(
    kind, actor, now, cases, cast
) -> None:
    rows = {**TABLE["action"], **{n: r for n, r in TABLE["of_one_kind"].items() if r["kind"] == kind}}
    found = [one for one in actions() if one.name in rows]
    assert len(found) >= len(TABLE["action"])
    wrong = []
    for role, username in ROLES.items():
        for territory in TERRITORIES:
            case, who = cases(kind, role, territory, cast), actor(username)
            for action in found:
                if not _concerns(action, kind):
                    continue
                got = allowed(lambda c=case, a=action: made(a, now, {"case_id": c.pk}), who, now)
                if got is not _expected(rows[action.name], kind, role, territory):
                    wrong.append(f"{action.__name__} {role} {territory}: {got}, against the table")
    assert not wrong, "\n".join(wrong)


def _concerns(action: type[Action], kind: str) -> bool:
    """A feature's action that goes by the name of one of casework's concerns that feature's kind alone."""
    row = TABLE["feature"].get(f"{action.__module__.removeprefix('linli.web.')}.{action.__name__}")
    return row is None or row["kind"] == kind


OTHER: Mapping[str, Any] = TABLE["other"]


@pytest.mark.any_database
@pytest.mark.parametrize("name", [n for n, r in OTHER.items() if not {"tested_by", "job"} & set(r)])
def test_every_other_action_is_allowed_and_refused_as_the_table_says(name, actor, stage, now, cast) -> None:
    row, wrong = OTHER[name], []
    for role, username in ROLES.items():
        for territory in TERRITORIES:
            with transaction.atomic():
                build = _builder(name, row, Scene(stage, now, territory, cast))
                got = allowed(build, actor(username), now)
                transaction.set_rollback(True)
            if got is not _expected_of(row, role, territory):
                wrong.append(f"{role} {territory}: {got}, against the table")
    assert not wrong, "\n".join(wrong)


def _builder(name: str, row: Mapping[str, Any], scene: Scene) -> Callable[[], Action]:
    if name in BUILDERS:
        return lambda: BUILDERS[name](scene)
    (action,) = [one for one in actions() if one.name == name]
    given = {} if "of" not in row else {f"{row['of']}_id": scene.thing(row["of"])}
    return lambda: made(action, scene.now, given)


def _expected_of(row: Mapping[str, Any], role: str, territory: str) -> bool:
    if row.get("everybody"):
        return True
    if "verb" in row:
        kind = {"device": "equipment"}.get(row["of"], row["of"])
        return role in _listed(kind, row["verb"], territory)
    return role in row[territory]


@pytest.mark.parametrize("name", [n for n, r in OTHER.items() if "tested_by" in r])
def test_an_action_that_is_tested_elsewhere_is_tested_there(name) -> None:
    assert node_exists(OTHER[name]["tested_by"])


@pytest.mark.parametrize("name", [n for n, r in OTHER.items() if "job" in r])
def test_no_page_and_no_address_leads_to_an_action_of_a_job(name) -> None:
    names = {one.__name__ for one in actions() if one.name == name and not one.__module__.endswith("jobs")}
    assert [place for place in places_that_name(names) if "view" in place or "api" in place] == []


@pytest.mark.any_database
@pytest.mark.parametrize("kind", sorted(case_types()))
def test_the_page_of_a_case_opens_for_those_who_may_see_it_and_for_nobody_else(
    kind, signed_in, stage, now, cases, cast
) -> None:
    wrong = []
    for role, username in ROLES.items():
        client = signed_in(username)
        for territory in TERRITORIES:
            case = cases(kind, role, territory, cast)
            got = client.get(f"/cases/{case.number}/").status_code
            if role in _listed(kind, "view", territory):
                expected = 200
            else:
                # Who may break the glass is offered that; everybody else cannot tell it from no case.
                expected = 403 if role in _listed(kind, "emergency", territory) else 404
            if got != expected:
                wrong.append(f"{role} {territory}: {got}, and the table says {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", sorted(case_types()))
def test_lists_search_and_map_hold_a_case_for_those_who_may_see_it_only(
    kind, signed_in, stage, now, cases, cast
) -> None:
    wrong = []
    for role, username in ROLES.items():
        client = signed_in(username)
        for territory in TERRITORIES:
            case = cases(kind, role, territory, cast)
            expected = role in _listed(kind, "view", territory)
            listed = [row.number for row in client.get("/cases/").context["rows"]]
            searched = client.get(f"/search/?q={case.number}")
            found = searched.status_code == 302 and case.number in searched["Location"]
            if (case.number in listed) is not expected or found is not expected:
                wrong.append(
                    f"{role} {territory}: {case.number in listed}, {found}; the table says {expected}"
                )
            Case.objects.filter(pk=case.pk).delete()
    assert not wrong, "\n".join(wrong)


@pytest.mark.any_database
@pytest.mark.parametrize("kind", sorted(case_types()))
def test_cases_are_opened_by_the_roles_of_the_table(kind, signed_in, cast) -> None:
    wrong = []
    for role, username in ROLES.items():
        got = signed_in(username).get(f"/cases/open/{kind}/").status_code
        expected = 200 if role in _listed(kind, "open", "own") else 403
        # A feature may have a page of its own for this, to which it sends on.
        if got != expected and not (expected == 200 and got == 302):
            wrong.append(f"{role}: {got}, and the table says {expected}")
    assert not wrong, "\n".join(wrong)
