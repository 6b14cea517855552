"""The number of a case stands on no page of somebody who may not see the case."""

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import F
from django.test import Client

from linli.web.foundation import clock
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, Event
from linli.web.foundation.exchange.tokens import MakeCalendarKey, MakeToken
from linli.web.ops.handover.models import Note
from linli.web.ops.incidents.models import Dispatch, Unit
from linli.web.ops.incidents.units import units_now
from linli.web.ops.premises.models import Happening, JointMeeting, Premises
from web.security.addresses import Address, addresses
from web.security.reading import shown_in
from web.security.rows import PK, every_model, rows_of_every_model
from web.security.test_addresses import _ask, _quiet
from where import on_any

NUMBER = f"SQ260310-{PK}"
LEFT_OUT = ("accounts/logout", "language/", "audit/")
"""The auditors' log names cases by its purpose, and is open to them alone."""
FORMS = ("csv", "xlsx", "pdf")

NUMBERED = frozenset(
    {"premises.Draw", "premises.Letter", "premises.Rectification", "jointwork.Agreement", "stipends.Lot"}
)
UNFIT = frozenset(
    {
        "survey",
        "assessment_clauses",
        "assessment_export",
    }
)
"""Pages of numbers alone, which made-up rows do not fill."""


@pytest.fixture
def hidden(stage, cast, now) -> Case:
    """A case of the other station; rows of every model belong to the own station and name it."""
    here = dataclasses.replace(stage, other_place=stage.place, other_station=stage.post)
    refused = rows_of_every_model(here, cast["minjing"], now)
    assert not refused
    there = stage.other_place
    Case.objects.filter(pk=PK).update(
        case_type="incident",
        category="fight",
        state="on_scene",
        station_code=there.station_code,
        beat_code=there.beat_code,
        place_code=there.code,
        organisation=stage.other_station,
        opened_by=cast["linsuo"],
        assignee=None,
    )
    apps.get_model("casework", "Share").objects.all().delete()
    apps.get_model("casework", "EmergencyAccess").objects.all().delete()
    # What was made up must be shown: with numbers of its own, but where it keeps that of a case, and words.
    for model in every_model():
        if model._meta.label in NUMBERED:
            model._base_manager.update(number="N1")
    apps.get_model("premises", "Honour").objects.update(kind="commended")
    apps.get_model("premises", "SchoolPoint").objects.update(kind="gate")
    apps.get_model("premises", "Presence").objects.update(hour="opening")
    apps.get_model("surveys", "Response").objects.update(channel="web")
    apps.get_model("equipment", "Issue").objects.update(role="officer")
    apps.get_model("stipends", "Line").objects.update(title={"zh": "x", "en": "x"})
    Unit.objects.update(on_duty=True, active=True)
    Note.objects.update(cases=[NUMBER], organisation=stage.post)
    Premises.objects.update(kind="school")
    Happening.objects.update(kind="escalated", detail={"number": NUMBER})
    JointMeeting.objects.update(case_id=PK)
    return Case.objects.get(pk=PK)


def _merged(actor: Any, stage: Any, now: Any) -> Case:
    """A case of the own station with which the hidden one was merged."""
    given = {"kind": "request", "category": "streetlight", "title": "路灯", "place": stage.place.code}
    own = perform(OpenCase(**given), actor("minjing"), now)
    Event.objects.filter(case=own).update(sequence=F("sequence") + 1)
    Event.objects.create(
        case=own, sequence=1, at=now, kind="merged_here", actor_name="x", detail={"from": NUMBER}
    )
    return own


# Guard 4
@pytest.mark.parametrize("username", ["fujing", *on_any("minjing", "suozhang", "danwei", "jumin")])
def test_no_page_names_a_case_that_somebody_may_not_see(
    username, hidden, actor, stage, now, signed_in
) -> None:
    own = _merged(actor, stage, now)
    client, wrong, shown = _quiet(signed_in(username)), [], dict.fromkeys(("", *FORMS, "api/"), 0)
    _, token = perform(MakeToken(title="x", days=30, may_write=False), actor(username), clock.now())
    program = _quiet(Client(headers={"authorization": f"Bearer {token}"}))
    key = perform(MakeCalendarKey(), actor(username), clock.now())
    for one, form in _asked():
        path = one.path(number=own.number or "", pk=PK, code=f"P{PK}", form=form)
        if one.route.startswith("calendar/"):
            path = f"/calendar/{key}.ics"
        is_api = one.route.startswith("api/")
        answer = _ask(program if is_api else client, "get", path)
        shown["api/" if is_api else form] += answer.status_code == 200
        if answer.status_code >= 500:
            wrong.append(f"{path} ({one.name}): {answer.status_code}")
        if NUMBER in answer.shown or f"/cases/{NUMBER}/" in answer.get("Location", ""):
            wrong.append(f"{path} ({one.name}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert shown[""] > 20
    assert shown["api/"] > 0
    if username in ("minjing", "suozhang"):
        assert min(shown["csv"], shown["xlsx"]) > 0


def _asked() -> Iterator[tuple[Address, str]]:
    """Every address, and in every form of file where it has several."""
    for one in addresses():
        if not one.route.startswith(LEFT_OUT) and one.name not in UNFIT:
            yield from ((one, form) for form in (FORMS if ":form>" in one.route else ("",)))


# Guard 4
@pytest.mark.any_database
def test_a_number_is_found_in_whatever_it_is_packed_in() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", f"<t>{NUMBER}</t>" * 9)
    book = target.getvalue()
    assert NUMBER not in book.decode("utf-8", "replace")
    assert NUMBER in shown_in(book)
    assert NUMBER in shown_in(NUMBER.encode())


# Guard 4
def test_the_same_pages_name_it_to_who_sees_it(hidden, actor, stage, now, signed_in) -> None:
    own = _merged(actor, stage, now)
    Case.objects.filter(pk=PK).update(station_code=stage.place.station_code, organisation=stage.post)
    client = signed_in("suozhang")
    for path in ("incidents/units/", f"incidents/units/{PK}/", f"cases/{own.number}/", f"premises/at/P{PK}/"):
        assert NUMBER in client.get(f"/{path}").content.decode(), path
    assert NUMBER in signed_in("minjing").get(f"/handover/{PK}/").content.decode()


# Guard 4
def test_a_unit_is_busy_and_the_number_is_told_to_who_sees_the_incident(hidden, actor, now) -> None:
    unit = Dispatch.objects.get(case_id=PK).unit
    told = {name: units_now([unit], actor(name), now)[0] for name in ("minjing", "linsuo")}
    assert {name: (one.status, one.number) for name, one in told.items()} == {
        "minjing": ("assigned", ""),
        "linsuo": ("assigned", NUMBER),
    }
