"""Every file and list that leaves is an entry of the audit log, whichever feature gives it."""

import re
from collections.abc import Callable

import pytest
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from linli.web.foundation.accounts.actor import ANONYMOUS, SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.downloads import DownloadMiddleware, is_download
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.tokens import MakeCalendarKey, MakeToken
from web.security.addresses import PLAIN, addresses

TOLD = re.compile(
    r"form>|export|\.csv|\.xlsx|\.pdf|\.ics|\.json|sheet|print|file|attachment|paper|outlines|api/"
)
WHO = ("shenji", "guihua", "minjing")
MEANT_FOR_PROGRAMS = frozenset({"application/json", "application/manifest+json", "text/javascript"})


def looks_like_a_file(answer) -> bool:  # type: ignore[no-untyped-def]
    """Told here in other words than in the code that is tested."""
    kind = answer.get("Content-Type", "").partition(";")[0]
    page = kind in MEANT_FOR_PROGRAMS or kind in ("text/html", "text/plain") or kind.startswith("image/")
    return answer.status_code == 200 and (not page or "attachment" in answer.get("Content-Disposition", ""))


def fetch(client: Client, path: str):  # type: ignore[no-untyped-def]
    answer = client.get(path)
    for close in answer._resource_closers:
        close()
    return answer


@pytest.fixture
def case(stage, cast, now) -> Case:  # type: ignore[no-untyped-def]
    made = perform(
        OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code), SYSTEM, now
    )
    perform(Attach(case_id=made.pk, file_name="说明.txt", content="灯杆".encode()), SYSTEM, now)
    return made


# Guard 14
@pytest.mark.any_database
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_address_that_gives_a_file_writes_an_entry(
    case: Case, signed_in: Callable[[str], Client], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PLAIN, "form", form)  # type: ignore[arg-type]
    number, pk = case.number or "", case.events.get(attachments__isnull=False).attachments.get().pk
    given, silent = set(), []
    for client in map(signed_in, WHO):
        client.raise_request_exception = False
        for one in addresses():
            if not TOLD.search(one.route):
                continue
            before = Entry.objects.count()
            answer = fetch(client, one.path(number=number, pk=pk))
            if looks_like_a_file(answer):
                given.add(one.name)
                if Entry.objects.count() == before:
                    silent.append(one.name)
    assert silent == []
    assert len(given) >= 15, sorted(given)
    assert {"audit_file", "case_file"} <= given or form == "xlsx"


# Guard 14
def test_a_list_over_the_api_and_a_calendar_are_entries_of_the_account(
    case: Case, cast: dict[str, User], actor: Callable[[str], Actor], now, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.web.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: now)
    _, token = perform(MakeToken(title="程序", days=30), actor("minjing"), now)
    asked = Client().get("/api/v1/cases?status=open&q=secret", headers={"authorization": f"Bearer {token}"})
    assert asked.status_code == 200
    entry = Entry.objects.order_by("pk").last()
    assert (entry.action, entry.actor_id, entry.via) == ("download", cast["minjing"].pk, "api")
    assert entry.detail == {"filters": "status=open&q_letters=6"}
    key = perform(MakeCalendarKey(), actor("minjing"), now)
    assert Client().get(f"/calendar/{key}.ics").status_code == 200
    entry = Entry.objects.order_by("pk").last()
    assert (entry.action, entry.actor_id, entry.subject_id) == ("download", cast["minjing"].pk, "calendar")
    assert key not in str(entry.detail)


ANSWERS = {
    "csv": (HttpResponse(b"a", content_type="text/csv; charset=utf-8"), True),
    "pieces": (StreamingHttpResponse([b"a"], content_type="text/csv"), True),
    "pdf shown": (
        HttpResponse(b"a", content_type="application/pdf", headers={"Content-Disposition": "inline"}),
        True,
    ),
    "kept": (HttpResponse(b"a", headers={"Content-Disposition": 'attachment; filename="a"'}), True),
    "list": (JsonResponse({"items": []}), True),
    "bare list": (JsonResponse([], safe=False), True),
    "page": (HttpResponse(b"a"), False),
    "one thing": (JsonResponse({"number": "1"}), False),
    "picture": (HttpResponse(b"a", content_type="image/webp"), False),
    "refusal": (HttpResponse(b"a", content_type="text/csv", status=403), False),
}


# Guard 14
@pytest.mark.any_database
@pytest.mark.parametrize("kind", ANSWERS)
def test_files_and_lists_are_told_from_pages(kind: str) -> None:
    answer, expected = ANSWERS[kind]
    assert is_download(RequestFactory().get("/api/v1/x"), answer) is expected


# Guard 14
@pytest.mark.django_db
def test_what_a_view_wrote_down_itself_is_not_written_twice_and_a_visitor_is_nobody(now) -> None:
    def answer(who: Actor, *, writes: bool) -> int:
        request = RequestFactory().get("/x.csv")
        request.actor, request.at, request.resolver_match = who, now, None  # type: ignore[attr-defined]
        before = Entry.objects.count()

        def view(_: object) -> HttpResponse:
            if writes:
                perform(OpenCase(kind="request", category="other", title="一件事"), SYSTEM, now)
            return FileResponse([b"a"], content_type="text/csv")

        DownloadMiddleware(view)(request)
        return Entry.objects.count() - before

    somebody = Actor(user_id=3, name="民警")
    assert answer(somebody, writes=False) == 1
    assert answer(somebody, writes=True) == 1
    assert answer(ANONYMOUS, writes=False) == 0
