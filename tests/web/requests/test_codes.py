"""A tracking code is shown once, to the resident: no page of the staff, no export and no table holds it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.models import Case, Feedback
from linli.web.foundation.casework.selectors import search_cases
from linli.web.intake import submitting
from linli.web.intake.codes import hashed, spaced
from linli.web.intake.models import Track
from linli.web.intake.tracking import find
from linli.web.ops.requests.draining import drain

pytestmark = pytest.mark.django_db
Sends = Callable[..., Case]
Signs = Callable[..., Client]
SENDER = "203.0.113.7"


@pytest.fixture
def case(sent: Sends, step: Callable[..., Case], now: dt.datetime) -> Case:
    """Sent by a resident, dealt with, and its feedback given by the code."""
    found = sent()
    step(step(found, "start", now), "resolve", now)
    given = submitting.Feedback(code=found.code, solved=True, rating=5, comment="好")  # type: ignore[attr-defined]
    submitting.submit_feedback(given, at=now, sender=SENDER)
    drain(now)
    assert Feedback.objects.get().rating == 5
    return found


# Guard 7
@pytest.mark.parametrize("username", ["minjing", "suozhang", "fujing", "wangge", "shenji", "guanli"])
def test_no_page_of_the_staff_holds_the_code(username: str, case: Case, signed_in: Signs) -> None:
    client, code = signed_in(username), case.code  # type: ignore[attr-defined]
    hidden = (code, spaced(code), case.tracking_hash or "")
    pages = [
        f"/cases/{case.number}/",
        f"/requests/{case.number}/receipt/",
        "/requests/",
        "/requests/export.csv",
        "/requests/export.xlsx",
        "/requests/statistics/",
        "/cases/",
        "/cases/export.csv",
        f"/search/?q={case.number}",
        "/notices/",
        "/audit/",
        f"/audit/cases/{case.number}/",
        "/requests/queue/",
    ]
    for url in pages:
        answer = client.get(url, follow=True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for secret in hidden:
            assert secret.encode() not in content, url


# Guard 7
def test_nobody_of_the_staff_finds_a_case_by_its_code(
    case: Case, actor: Callable[[str], Actor], signed_in: Signs, now: dt.datetime
) -> None:
    code = case.code  # type: ignore[attr-defined]
    for username in ("minjing", "suozhang"):
        assert search_cases(actor(username), code, at=now) == []
        assert search_cases(actor(username), case.tracking_hash or "", at=now) == []
        assert signed_in(username).get(f"/search/?q={code}").status_code == 200


# Guard 7
def test_no_table_holds_the_code(case: Case) -> None:
    code = case.code  # type: ignore[attr-defined]
    kept = [str(list(model._default_manager.values())) for model in apps.get_models() if model._meta.managed]
    assert any(case.tracking_hash in rows for rows in kept)  # type: ignore[operator]
    assert not any(code in rows or spaced(code) in rows for rows in kept)


# Guard 7
def test_what_is_kept_of_a_code_is_no_code(case: Case, now: dt.datetime) -> None:
    for text in (case.tracking_hash or "", (case.tracking_hash or "")[:10].upper(), ""):
        with pytest.raises(Missing):
            find(text, at=now, sender=SENDER)
    answer = Client().post("/residents/track/", {"code": case.tracking_hash})
    assert answer.status_code == 404


# Guard 7
def test_a_code_leads_to_its_case_after_the_key_has_changed(
    case: Case, now: dt.datetime, settings: Any
) -> None:
    code = case.code  # type: ignore[attr-defined]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key, thirty-two signs long",
    )
    assert hashed(code) != case.tracking_hash
    found = find(code, at=now, sender=SENDER)
    assert found.track is not None
    assert found.track.number == case.number
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Missing):
        find(code, at=now, sender=SENDER)


# Guard 7
def test_a_change_to_a_case_that_staff_took_down_gives_it_no_code(
    signed_in: Signs, stage: Any, now: dt.datetime
) -> None:
    given = {"channel": "phone", "category": "streetlight", "title": "灯", "place": stage.place.code}
    signed_in("fujing").post("/requests/open/", given)
    case = Case.objects.get()
    perform(Attach(case_id=case.pk, file_name="a.txt", content="说明".encode()), SYSTEM, now)
    track = Track.objects.get(number=case.number)
    assert (case.tracking_hash, track.code_hash) == (None, None)
    with pytest.raises(Missing):
        find("None", at=now, sender=SENDER)


# Guard 7
@pytest.mark.django_db(transaction=True)
def test_codes_of_before_become_digests_that_lead_to_the_same_cases(now: dt.datetime) -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate([("casework", "0006_type_versions"), ("intake", "0001_initial")])
    try:
        old = executor.loader.project_state(
            [("casework", "0006_type_versions"), ("intake", "0001_initial")]
        ).apps
        for number in range(3):
            code = f"ABCDEFGHJ{number + 2}"
            values = {"case_type": "request", "category": "road", "state": "received", "opened_at": now}
            old.get_model("casework", "Case").objects.create(
                number=f"R-{number}",
                tracking_code=code,
                type_version=1,
                title="灯",
                state_since=now,
                **values,
            )
            old.get_model("intake", "Track").objects.create(
                number=f"R-{number}", code=code, updated_at=now, **values
            )
            old.get_model("intake", "Entry").objects.create(kind="request", code=code, received_at=now)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
    for number in range(3):
        found = find(f"ABCDEFGHJ{number + 2}", at=now, sender=SENDER)
        assert found.track is not None
        assert found.track.number == f"R-{number}"
        assert Case.objects.get(number=f"R-{number}").tracking_hash == found.track.code_hash
