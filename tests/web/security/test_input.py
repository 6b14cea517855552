"""What people send: shown as text, never run, never a path, a formula or a way to another site."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import BreakGlass
from linli.web.foundation.casework.actions.working import AddNote, GiveAnswer
from linli.web.foundation.casework.models import Attachment, Case
from linli.web.intake.codes import hashed

CODE = "ABCDEFGHJK"
SCRIPT = "<script>alert('x')</script>"
IMAGE = "\"'><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("https://evil.example","x")'


@pytest.fixture
def case(actor, stage, now) -> Case:
    made = perform(
        OpenCase(
            kind="request",
            category="streetlight",
            title=f"{SCRIPT}{IMAGE}",
            description=f"{SCRIPT}{IMAGE}",
            address=f"{SCRIPT}{IMAGE}",
            place=stage.place.code,
            data={"reporter_name": f"{SCRIPT}{IMAGE}", "reporter_phone": "13800000000"},
            tracking_hash=hashed(CODE),
        ),
        actor("minjing"),
        now,
    )
    perform(AddNote(case_id=made.pk, text=f"{SCRIPT}{IMAGE}"), actor("minjing"), now)
    perform(GiveAnswer(case_id=made.pk, text=f"{SCRIPT}{IMAGE}"), actor("minjing"), now)
    perform(BreakGlass(case_id=made.pk, reason=f"现场紧急需要查看{SCRIPT}{IMAGE}"), actor("linsuo"), now)
    made.refresh_from_db()
    return made


def _unescaped(page: str) -> bool:
    return SCRIPT in page or "<img src=x" in page


def test_text_that_people_write_is_shown_and_never_run(case, cast, signed_in) -> None:
    cast["minjing"].display_name = SCRIPT
    cast["minjing"].save()
    client = signed_in("suozhang")
    pages = [
        f"/cases/{case.number}/",
        "/cases/",
        "/",
        f"/search/?q={case.number}",
        f"/search/?q={SCRIPT}",
        "/requests/",
    ]
    for url in pages:
        assert not _unescaped(client.get(url, follow=True).content.decode()), url
    assert not _unescaped(client.post(f"/cases/{case.number}/personal/").content.decode())
    auditor = signed_in("shenji")
    for url in (
        "/audit/",
        "/emergencies/",
        f"/audit/cases/{case.number}/",
        "/notices/",
        f"/audit/?person={SCRIPT}",
    ):
        assert not _unescaped(auditor.get(url).content.decode()), url
    admin = signed_in("guanli")
    for url in ("/people/", f"/people/{cast['minjing'].pk}/", f"/people/?q={SCRIPT}"):
        assert not _unescaped(admin.get(url).content.decode()), url
    resident = Client()
    assert not _unescaped(resident.get(f"/residents/track/{CODE}/").content.decode())


def test_what_is_wrong_in_a_form_is_shown_back_as_text(signed_in) -> None:
    answer = signed_in("minjing").post("/cases/open/request/", {"title": SCRIPT + IMAGE, "category": IMAGE})
    assert answer.status_code == 422
    assert not _unescaped(answer.content.decode())


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1", FORMULA])
def test_an_export_holds_no_formula(title, actor, stage, now, signed_in) -> None:
    perform(
        OpenCase(kind="request", category="streetlight", title=title, place=stage.place.code),
        actor("minjing"),
        now,
    )
    answer = signed_in("suozhang").get("/cases/export.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    for cell in (cell for row in rows[1:] for cell in row):
        assert not cell.startswith(("=", "+", "@", "\t", "＝")), cell
        assert cell == "" or cell[0] != "-" or cell.lstrip("-").isdigit()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evil.html", b"<html><script>alert(1)</script></html>"),
        ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("evil.exe", b"MZ\x90\x00"),
        ("evil.jpg", b"<html><script>alert(1)</script></html>"),
        ("evil.php.jpg", b"<?php system($_GET[0]); ?>"),
        ("empty.pdf", b""),
    ],
)
def test_a_file_that_is_not_what_it_may_be_is_refused(name, content, case, signed_in) -> None:
    client = signed_in("minjing")
    client.post(f"/cases/{case.number}/attach/", {"file": SimpleUploadedFile(name, content)})
    assert not Attachment.objects.exists()


def test_a_file_too_large_is_refused(case, signed_in, settings) -> None:
    settings.ATTACHMENT_MOST_BYTES = 1000
    signed_in("minjing").post(
        f"/cases/{case.number}/attach/", {"file": SimpleUploadedFile("a.txt", b"x" * 1001)}
    )
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.txt", "..\\..\\x.txt", "/etc/passwd.txt", "a\x00.txt", "a\r\nX: y.txt"]
)
def test_the_name_of_a_file_is_no_path_and_no_header(name, case, signed_in, settings) -> None:
    client = signed_in("minjing")
    file = SimpleUploadedFile("a.txt", "走访记录".encode())
    file._name = name
    client.post(f"/cases/{case.number}/attach/", {"file": file})
    for kept in Attachment.objects.all():
        assert kept.path.startswith(f"cases/{case.pk}/")
        assert ".." not in kept.path
        assert "/" not in kept.name
        assert "\\" not in kept.name
        answer = client.get(f"/cases/{case.number}/files/{kept.pk}/")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content) == "走访记录".encode()
    for path in settings.MEDIA_ROOT.rglob("*"):
        assert path.is_relative_to(settings.MEDIA_ROOT)


def test_somebody_elses_file_is_not_found(case, signed_in) -> None:
    client = signed_in("minjing")
    client.post(f"/cases/{case.number}/attach/", {"file": SimpleUploadedFile("a.txt", b"text")})
    kept = Attachment.objects.get()
    assert signed_in("linsuozhang").get(f"/cases/{case.number}/files/{kept.pk}/").status_code == 404
    assert signed_in("jumin").get(f"/cases/{case.number}/files/{kept.pk}/").status_code == 404
    assert Client().get(f"/cases/{case.number}/files/{kept.pk}/").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "https:///evil.example"]
)
def test_choosing_a_language_leads_to_no_other_site(target, db) -> None:
    answer = Client().post("/language/", {"language": "en", "next": target}, headers={"referer": target})
    assert answer["Location"] in ("/", "/accounts/login/")


def test_fields_that_a_form_does_not_have_change_nothing(case, signed_in) -> None:
    signed_in("minjing").post(
        f"/cases/{case.number}/describe/",
        {
            "title": "新标题",
            "category": "streetlight",
            "priority": "0",
            "revision": str(case.revision),
            "confidentiality": "0",
            "station_code": "x",
            "assignee_id": "1",
            "closed_at": "2026-01-01",
        },
    )
    before = (case.station_code, case.confidentiality, case.assignee_id)
    case.refresh_from_db()
    assert case.title == "新标题"
    assert (case.station_code, case.confidentiality, case.assignee_id) == before
    assert case.closed_at is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(max_size=40)
    | st.sampled_from(["' OR 1=1 --", "%", "_", "\\", '"); DROP TABLE x; --', "*", "AND", "NEAR(", "a\x00b"])
)
def test_no_search_fails_or_finds_what_may_not_be_seen(words, case, signed_in) -> None:
    client = signed_in("linsuozhang")
    for url in ("/search/", "/cases/"):
        answer = client.get(url, {"q": words, "station": words, "after": words, "from": words})
        # A NUL is refused wherever it stands; everything else is an ordinary search.
        assert answer.status_code in ((404,) if "\x00" in words else (200, 302))
        assert case.number not in answer.content.decode()


def test_too_many_or_too_large_fields_are_refused(signed_in, case) -> None:
    client = signed_in("minjing")
    client.raise_request_exception = False
    many = {f"field{number}": "x" for number in range(600)}
    assert client.post(f"/cases/{case.number}/note/", many).status_code == 400
    assert client.post(f"/cases/{case.number}/note/", {"text": "x" * (3 * 1024 * 1024)}).status_code in (
        400,
        413,
    )
    assert client.post(f"/cases/{case.number}/note/", {"text": "x" * 5000}).status_code == 302
    assert not case.events.filter(text__contains="x" * 5000).exists()


def test_logs_hold_no_passwords_no_contacts_and_no_words_of_a_case(case, cast, signed_in, caplog) -> None:
    import logging

    with caplog.at_level(logging.INFO):
        Client().post("/accounts/login/", {"login": "minjing", "password": "my-secret-passphrase"})
        client = signed_in("minjing")
        client.raise_request_exception = False
        client.post(f"/cases/{case.number}/note/", {"text": "内部情况说明"})
        client.post(f"/cases/{case.number}/personal/")
        client.post("/cases/open/request/", {"title": "路灯坏了", "data-reporter_phone": "13911112222"})
        client.get("/cases/SQ260310-99999/")
    for secret in (
        "my-secret-passphrase",
        "内部情况说明",
        "13800000000",
        "13911112222",
        client.session.session_key,
    ):
        assert secret not in caplog.text
