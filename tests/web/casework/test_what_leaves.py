"""A list that leaves holds what its maker may export, and the auditor finds it by each case that it held."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.audit.selectors import perhaps_in_exports
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import EndShare, ShareCase
from linli.web.foundation.casework.actions.working import Assign
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import Filters, case_page
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.exchange.tokens import MakeToken

HOUR = dt.timedelta(hours=1)
EXPORTS = {
    "request": ["/cases/export.csv", "/requests/export.csv", "/requests/export.xlsx"],
    "problem_place": ["/cases/export.csv", "/problems/export.csv"],
    "dispute": ["/cases/export.csv", "/disputes/export.csv"],
}


@pytest.fixture
def program(actor, now, monkeypatch) -> Callable[[str], Client]:
    """A program of somebody's account."""
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)

    def made(username: str) -> Client:
        _, token = perform(MakeToken(title="x", days=30), actor(username), now)
        return Client(headers={"authorization": f"Bearer {token}"})

    return made


@pytest.fixture
def opened(stage, now) -> Callable[..., Case]:
    """Opens a case in the own place, whatever its type asks for."""
    some = {"integer": 1, "decimal": "1", "yes_no": True, "date": "2026-03-09", "phone": "13800000000"}

    def made(kind: str = "request", by=SYSTEM, place: str = "") -> Case:
        asked = [one for one in case_types()[kind].fields if one.on_opening and one.required]
        data = {
            one.id: one.choices[0][0] if one.choices else some.get(one.kind, now.isoformat()) for one in asked
        }
        category = case_types()[kind].categories[0].id
        action = OpenCase(
            kind=kind, category=category, title="共享的事", place=place or stage.place.code, data=data
        )
        return perform(action, by, now)

    return made


def _body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _listed(client: Client) -> set[str]:
    return {one["number"] for one in client.get("/api/v1/cases?size=200").json()["items"]}


# Guard 1
@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind, paths in EXPORTS.items() for path in paths]
)
def test_no_export_holds_what_is_merely_shared(
    kind, path, opened, stage, actor, now, signed_in, monkeypatch
) -> None:
    from linli.io.sheets import read_sheet

    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    shared, theirs = opened(kind), opened(kind, place=stage.other_place.code)
    perform(
        ShareCase(case_id=shared.pk, organisation_id=stage.other_post.pk, reason="边界"),
        actor("suozhang"),
        now,
    )
    client = signed_in("linsuo")
    assert client.get(f"/cases/{shared.number}/").status_code == 200
    sheet = read_sheet(f"x.{path.rpartition('.')[2]}", _body(client.get(path)))
    cells = {value for row in sheet.rows for value in row.values.values()}
    assert theirs.number in cells
    assert shared.number not in cells


# Guard 1
def test_an_export_holds_what_is_in_hand_and_not_what_was_raised_elsewhere(
    opened, stage, actor, cast, now
) -> None:
    given, raised = opened(), opened(by=actor("minjing"))
    perform(
        Assign(case_id=given.pk, organisation_id=stage.post.pk, assignee_id=cast["minjing"].pk),
        actor("suozhang"),
        now,
    )
    Grant.objects.filter(user=cast["minjing"]).update(organisation=stage.other_post)
    who, later = actor("minjing"), now
    wanted = Filters(kinds=("request",))
    held = {case.number for case in case_page(who, wanted, at=later, way="export").cases}
    seen = {case.number for case in case_page(who, wanted, at=later).cases}
    assert held <= seen
    assert raised.number in seen
    assert raised.number not in held


# Guard 1
def test_a_programs_list_holds_what_may_be_exported_and_what_is_the_accounts_own(
    opened, program, stage, actor, cast, now
) -> None:
    case, own = opened(), opened(by=actor("fujing"))
    assert {case.number, own.number} <= _listed(program("minjing"))
    assert _listed(program("fujing")) == {own.number}
    assert program("fujing").get(f"/api/v1/cases/{case.number}").status_code == 200
    perform(
        ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界"), actor("suozhang"), now
    )
    assert case.number not in _listed(program("linsuo"))
    assert program("linsuo").get(f"/api/v1/cases/{case.number}").status_code == 200


# Guard 1
def test_a_partners_program_lists_what_its_office_has(opened, program, stage, actor, now) -> None:
    case = opened("dispute")
    Case.objects.filter(pk=case.pk).update(organisation=stage.court)
    assert _listed(program("fating")) == {case.number}


# Guard 14
def test_the_auditor_finds_programs_lists_by_the_cases_that_they_may_hold(
    opened, program, actor, now, signed_in
) -> None:
    case = opened()
    client = program("minjing")
    for after in ("", "&size=10"):
        assert client.get(f"/api/v1/cases?type=request{after}").status_code == 200
    client.get("/api/v1/cases?type=incident")
    (entry,) = perhaps_in_exports(actor("shenji"), case)
    assert (entry.action, entry.actor_name, entry.via) == ("download", "民警 王", "api")
    program("linsuo").get("/api/v1/cases")
    assert len(perhaps_in_exports(actor("shenji"), case)) == 1
    page = signed_in("shenji", "en").get(f"/audit/cases/{case.number}/").content.decode()
    assert "Exports and programs' lists that may contain it" in page.replace("&#x27;", "'")


# Guard 14
def test_the_auditor_finds_exports_made_while_it_was_shared(opened, stage, actor, now, signed_in) -> None:
    case, who = opened(), actor("linsuo")
    made = {"action": "export", "subject_kind": "list", "subject_id": "cases", "detail": {"filters": ""}}
    perform(
        ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界"), actor("suozhang"), now
    )
    perform(EndShare(case_id=case.pk, organisation_id=stage.other_post.pk), actor("suozhang"), now + 2 * HOUR)
    for number, at in enumerate((now + HOUR, now + 3 * HOUR)):
        lane = {"lane": 0, "position": 900 + number, "previous": "", "hash": f"{number}", "vouch": ""}
        Entry.objects.create(at=at, actor_id=who.user_id, actor_name=who.name, via="web", **made, **lane)
    (entry,) = perhaps_in_exports(actor("shenji"), case)
    assert entry.at == now + HOUR
