"""What was sent before is answered to whoever may still do and see it, and only to the very same sending."""

import datetime as dt
import importlib
import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.actions.action import AlreadyDone, perform
from linli.web.foundation.actions.sending import Sending, form_sending
from linli.web.foundation.audit.models import Entry, Submission
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import ShareCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.tokens import MakeToken
from linli.web.intake.submitting import Request, submit

SOURCE = Path(__file__).parents[3] / "src" / "linli"
BODY = {"type": "request", "category": "streetlight", "title": "路灯不亮"}
KEY = {"idempotency-key": "k1"}


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


@pytest.fixture
def program(actor: Callable[[str], Actor], now: dt.datetime) -> Callable[[str], Client]:
    def make(username: str) -> Client:
        _, token = perform(MakeToken(title="试验", days=30, may_write=True), actor(username), now)
        return Client(headers={"authorization": f"Bearer {token}"})

    return make


@pytest.fixture
def body(stage: Stage) -> dict[str, str]:
    return {**BODY, "place": stage.place.code}


def send(client: Client, url: str, body: object, **headers: str) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers or KEY)


# Guard 3
@pytest.mark.django_db
def test_the_same_key_with_another_body_address_or_method_is_refused_with_422(
    program: Callable[[str], Client], body: dict[str, str]
) -> None:
    client = program("minjing")
    number = send(client, "/api/v1/cases", body).json()["number"]
    for url, other in (
        ("/api/v1/cases", {**body, "title": "路灯又不亮"}),
        (f"/api/v1/cases/{number}/notes", {"text": "x"}),
        ("/api/v1/cases?x=1", body),
    ):
        refused = send(client, url, other)
        assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert Case.objects.count() == 1


# Guard 3
@pytest.mark.django_db
def test_a_long_key_is_not_cut_so_that_two_that_differ_at_the_end_are_two(
    program: Callable[[str], Client], body: dict[str, str]
) -> None:
    client = program("minjing")
    for end in ("a", "b"):
        assert send(client, "/api/v1/cases", body, **{"idempotency-key": "x" * 200 + end}).status_code == 201
    assert Case.objects.count() == 2
    assert all(re.fullmatch("[0-9a-f]{64}", row.key) for row in Submission.objects.all())


# Guard 3
@pytest.mark.django_db
def test_a_form_and_a_program_of_one_account_share_no_keys(
    program: Callable[[str], Client], signed_in: Callable[..., Client], body: dict[str, str]
) -> None:
    form = {"category": "streetlight", "title": "路灯", "place": body["place"], "channel": "phone"}
    assert signed_in("minjing").post("/requests/open/", {**form, "submission": "k1"}).status_code == 302
    assert signed_in("minjing").post("/requests/open/", {**form, "submission": "api:k1"}).status_code == 302
    assert send(program("minjing"), "/api/v1/cases", body).status_code == 201
    assert Case.objects.count() == 3


# Guard 3
@pytest.mark.django_db
@pytest.mark.parametrize("username", ["wangge", "fujing"])
def test_a_key_used_elsewhere_opens_no_case_that_its_sender_may_not_see(
    signed_in: Callable[..., Client], stage: Stage, username: str
) -> None:
    client = signed_in(username)
    given = {"title": "路面", "place": stage.place.code, "submission": "same"}
    client.post("/requests/open/", {**given, "category": "road", "channel": "phone"})
    for kind in ("request", "problem_place"):
        answer = client.post(f"/cases/open/{kind}/", {**given, "category": "other"})
        assert answer.status_code == 422, kind
    assert Case.objects.filter(case_type="request").count() == 1


# Guard 3
@pytest.mark.django_db
def test_who_lost_the_role_is_refused_and_who_lost_sight_learns_nothing(
    program: Callable[[str], Client], cast: dict[str, User], stage: Stage, body: dict[str, str]
) -> None:
    client = program("minjing")
    number = send(client, "/api/v1/cases", body).json()["number"]
    grant = Grant.objects.get(user=cast["minjing"])
    grant.role = "auditor"
    grant.save()
    refused = send(client, "/api/v1/cases", body)
    assert (refused.status_code, number in refused.content.decode()) == (403, False)
    grant.role, grant.organisation = "officer", stage.other_post
    grant.save()
    Case.objects.update(opened_by=None)
    refused = send(client, "/api/v1/cases", body)
    assert (refused.status_code, number in refused.content.decode()) == (403, False)


# Guard 3
@pytest.mark.django_db
def test_what_is_given_back_from_outside_the_own_territory_is_logged_as_any_read(
    program: Callable[[str], Client],
    actor: Callable[[str], Actor],
    cast: dict[str, User],
    stage: Stage,
    body: dict[str, str],
    now: dt.datetime,
) -> None:
    client = program("minjing")
    send(client, "/api/v1/cases", body)
    case = Case.objects.get()
    perform(
        ShareCase(case_id=case.pk, organisation_id=stage.other_post.pk, reason="边界"), actor("minjing"), now
    )
    Grant.objects.filter(user=cast["minjing"]).update(organisation=stage.other_post)
    Case.objects.update(opened_by=None)
    assert send(client, "/api/v1/cases", body).status_code == 200
    assert Entry.objects.get(action="case.view_outside").subject_id == str(case.pk)


# Guard 3
@pytest.mark.django_db
def test_a_form_sent_again_with_other_content_says_so_in_a_sentence(
    signed_in: Callable[..., Client], stage: Stage
) -> None:
    given = {"category": "road", "title": "路面", "place": stage.place.code, "submission": "s"}
    for language, word in (("zh-hans", "内容不同"), ("en", "other content")):
        client = signed_in("minjing", language)
        client.post("/cases/open/request/", given)
        page = client.post("/cases/open/request/", {**given, "title": "别处"})
        assert page.status_code == 422
        assert word in page.content.decode()
    assert Case.objects.count() == 1


# Guard 3
@pytest.mark.any_database
def test_what_a_form_is_bound_to_counts_files_and_query_and_leaves_out_its_own_key() -> None:
    factory = RequestFactory()

    def sending(url: str = "/a/", content: bytes = b"1", **fields: str) -> str:
        file = SimpleUploadedFile("f.txt", content)
        request = factory.post(url, {"submission": "k", "csrfmiddlewaretoken": "x", "file": file, **fields})
        request.FILES["file"].read(1)
        made = form_sending(request)
        assert made is not None
        assert request.FILES["file"].tell() == 1
        return made.binding("case.open")

    first = sending(text="t")
    assert first == sending(text="t", csrfmiddlewaretoken="y")
    for other in (sending(text="u"), sending(text="t", content=b"2"), sending("/a/?parent=1", text="t")):
        assert other != first
    assert form_sending(factory.post("/a/", {"text": "t"})) is None


# Guard 3
@pytest.mark.django_db
def test_rows_of_before_keep_being_known_to_the_same_sending(
    signed_in: Callable[..., Client], cast: dict[str, User], stage: Stage, now: dt.datetime
) -> None:
    given = {"category": "road", "title": "路面", "place": stage.place.code, "submission": "s"}
    client = signed_in("minjing")
    client.post("/cases/open/request/", given)
    case = Case.objects.get()
    Submission.objects.all().delete()
    user = cast["minjing"].pk
    for key in (f"{user}:s", f"{user}:api:s", "0:task:7"):
        Submission.objects.create(key=key, at=now, reference=f"case:{case.pk}")
    module = importlib.import_module("linli.web.foundation.audit.migrations.0003_bound_submissions")
    module.rename(apps, connection.schema_editor)
    assert Submission.objects.count() == 3
    task = Sending(channel="task", key="task:7").name(Actor(user_id=None, name="system", via="job"))
    assert Submission.objects.filter(key=task).exists()
    assert client.post("/cases/open/request/", given)["Location"].endswith(f"{case.number}/")
    assert Case.objects.count() == 1


# Guard 3
@pytest.mark.django_db
def test_a_resident_who_knows_anothers_key_alone_is_not_given_the_others_code(
    stage: Stage, now: dt.datetime
) -> None:
    asked = Request(service="request-streetlight", title="路灯", place=stage.place.code, key="k")
    first = submit(asked, at=now, sender="a")
    assert submit(asked, at=now, sender="b") == first
    other = Request(service="request-streetlight", title="别的", place=stage.place.code, key="k")
    assert submit(other, at=now, sender="b").code != first.code


# Guard 3
@pytest.mark.django_db(transaction=True)
def test_the_same_key_twice_at_once_is_one_act(
    actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    who, gate, came = actor("minjing"), threading.Barrier(4), []
    sending = Sending(channel="api", key="k", address="POST /api/v1/cases", content=b"{}")

    def act() -> None:
        opening = OpenCase(kind="request", category="road", title="路面", place=stage.place.code)
        gate.wait(timeout=30)
        try:
            came.append(f"case:{perform(opening, who, now, key=sending).pk}")
        except AlreadyDone as before:
            came.append(before.reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came == [f"case:{Case.objects.get().pk}"] * 4
    assert Entry.objects.filter(action="case.open").count() == 1


# Guard 3
@pytest.mark.any_database
def test_no_page_reads_a_reference_by_itself_or_names_a_key_that_is_not_bound() -> None:
    for file in (SOURCE / "web").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file.name in ("action.py", "tasks.py") and file.parent.name in ("actions", "jobs"):
            continue
        assert ".reference.partition" not in text, file
        assert not re.search(r"""POST(\.get\(|\[)["']submission""", text) or file.name == "sending.py", file
        assert 'Idempotency-Key"' not in text or file.name == "sending.py", file
