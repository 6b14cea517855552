"""What comes in is bounded: moments, characters and numbers, at the border and again before the database."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

import linli.web
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.border.characters import broken, clean, has_unseen, without_unseen
from linli.web.foundation.border.fields import DayField, MomentField
from linli.web.foundation.border.moments import day_of, latest, moment_of, month_of
from linli.web.foundation.border.numbers import MOST, whole_of
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.selectors import Cursor
from linli.web.foundation.exchange.tokens import MakeToken

WEB = Path(linli.web.__path__[0])
OUTSIDE = ("0001-01-01", "0026-03-10", "1948-12-31", "2199-01-01", "9999-12-31", "nonsense", "", "9" * 5000)
READERS = re.compile(
    r"forms\.Date(Time)?Field\(|\bdate(time)?\.fromisoformat\(|parse_date(time)?\(|strptime\("
)
OF_OUR_OWN_WRITING = {
    "foundation/border/moments.py",
    "foundation/accounts/actions/seconding.py",
    "foundation/audit/lines.py",
    "foundation/audit/witness.py",
    "foundation/calendars/views.py",
    "foundation/casework/presenting.py",
    "foundation/facts/cases.py",
    "foundation/operations/backup/restoring.py",
    "ops/supervision/presenting.py",
    "public/views/tracking.py",
}
"""The reader itself, and what reads back what the platform wrote."""


# Guard 10
@pytest.mark.any_database
def test_moments_from_outside_are_read_in_one_place_only() -> None:
    found = {
        str(path.relative_to(WEB)) for path in WEB.rglob("*.py") if READERS.search(path.read_text("utf-8"))
    }
    assert found <= OF_OUR_OWN_WRITING, found - OF_OUR_OWN_WRITING


# Guard 10
@pytest.mark.any_database
@pytest.mark.parametrize("given", OUTSIDE)
def test_a_moment_out_of_bounds_is_no_moment(given: str) -> None:
    assert day_of(given) is None
    assert month_of(given[:7]) is None
    assert moment_of(f"{given}T10:00:00+08:00") is None
    assert Cursor.parse(f"{given}_1") is None
    for field in (DayField(), MomentField()):
        with pytest.raises(ValidationError):
            field.clean(given)


# Guard 10
@pytest.mark.any_database
def test_a_moment_within_bounds_is_read() -> None:
    assert day_of("1949-01-01") == dt.date(1949, 1, 1)
    assert day_of(latest().isoformat()) == latest()
    assert DayField().clean("2026-03-10") == dt.date(2026, 3, 10)
    assert MomentField().clean("2026-03-10T09:30").year == 2026


# Guard 10
@pytest.mark.any_database
def test_broken_and_unseen_characters_are_taken_out_and_joiners_stay_where_scripts_join() -> None:
    assert clean("a\u202eb\x00c\ud800\uffffd\u200b\ufeff") == "abcd"
    assert clean("👨\u200d👩 می\u200cخواهم") == "👨\u200d👩 می\u200cخواهم"
    assert clean("x\u200dy\u200d \u200c") == "xy "
    assert clean("a\tb\r\nc\u2028d") == "a\tb\r\nc\nd"
    assert clean("𠮷野家\ue000") == "𠮷野家\ue000"
    assert broken("a\x0b")
    assert not broken("王\n")


# Guard 10
@pytest.mark.any_database
def test_selectors_of_a_variant_stay_where_something_has_variants_and_nowhere_else() -> None:
    for kept in ("❤️", "1️⃣", "👩\u200d❤️\u200d👨", "葛\U000e0101", "ᠠ\u180b", "神\ufe00"):
        assert clean(kept) == kept
    for unseen in "\ufe0f\u180b\u180f\U000e0100\ufff0\U0001d173\U0001bca0\U000e01f0\U0001d159":
        assert clean(f"wang{unseen} 王") == "wang 王"
    assert clean("王\ufe0f\u180b\u200d") == "王"
    assert clean("❤\ufe0f\ufe0f") == "❤\ufe0f"


# Guard 6
@pytest.mark.any_database
def test_nothing_that_is_compared_differs_by_what_nobody_sees() -> None:
    ignorable = [0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, *range(0x180B, 0x1810), 0x200D, 0x2065, 0x3164]
    ignorable += [*range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, 0xFFF8, 0x1BCA3, 0x1D17A, *range(0xE0000, 0xE1000)]
    for one in map(chr, ignorable):
        assert has_unseen(f"王{one}")
        assert without_unseen(f"王{one} 伟") == "王 伟"
    assert not has_unseen("所长\u3000赵 Élise ئۇيغۇر བོད་")


# Guard 10
@pytest.mark.any_database
def test_a_number_of_any_length_is_read_without_failing() -> None:
    assert whole_of("9" * 100_000) is None
    assert whole_of(str(MOST)) == MOST
    assert whole_of(str(MOST + 1)) is None
    assert whole_of("-1") is None
    assert whole_of("٣") is None


# Guard 10
@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"opened_at": dt.datetime(1, 1, 1, tzinfo=dt.UTC)},
        {"opened_at": dt.datetime(9999, 12, 31, tzinfo=dt.UTC)},
        {"title": "a\x00b"},
        {"title": "a\ud800b"},
        {"data": {"a": ["b\x00"]}},
        {"data": {"a\x00": 1}},
        {"data": {"a": float("nan")}},
        {"longitude": float("inf")},
    ],
)
def test_the_database_takes_nothing_that_it_cannot_give_back(values: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Case.objects.update(**values)
    with pytest.raises(Invalid):
        Case.objects.bulk_create(
            [Case(case_type="request", **{"opened_at": dt.datetime.now(dt.UTC), **values})]
        )


# Guard 10
@pytest.mark.django_db
def test_the_guard_stands_before_statements_of_libraries_too() -> None:
    with pytest.raises(Invalid), connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["\x00"])
    with pytest.raises(Invalid), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [2**63])
    with pytest.raises(Invalid):
        User.objects.filter(username__in=["a\x00"]).exists()


@pytest.fixture
def token(cast) -> str:
    # What comes in over HTTP comes at the real moment.
    return perform(
        MakeToken(title="t", days=2, may_write=True), actor_of(cast["minjing"], clock.now()), clock.now()
    )[1]


def _sent(token: str, body: str) -> tuple[int, dict[str, object]]:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).post(
        "/api/v1/cases", body, content_type="application/json"
    )
    return answer.status_code, json.loads(answer.content)


# Guard 10
@pytest.mark.parametrize(
    ("part", "field"),
    [
        ('"title": "a\\u0000b"', "title"),
        ('"title": "a\\ud800b"', "title"),
        ('"title": "a\\uffffb"', "title"),
        ('"data": {"reporter_name": "a\\u0007"}', "data.reporter_name"),
        ('"data": {"a\\u0000b": "x"}', "data.ab"),
        ('"longitude": 1e400', "longitude"),
        ('"occurred_at": "0001-01-01T00:00:00Z"', "occurred_at"),
        ('"occurred_at": "0026-03-10T00:00:00+08:00"', "occurred_at"),
        ('"data": {"a": ' + "9" * 5000 + "}", "data.a"),
    ],
)
def test_a_program_is_told_which_part_of_its_body_cannot_be_kept(
    part: str, field: str, token: str, stage
) -> None:
    usual = f'"type": "request", "category": "streetlight", "place": "{stage.place.code}", '
    title = "" if '"title"' in part else '"title": "路灯", '
    status, said = _sent(token, f"{{{usual}{title}{part}}}")
    assert status == 422
    assert field in said["fields"]
    assert set(said) == {"code", "status", "message", "fields", "findings"}


# Guard 10
@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"title": NaN}', "\x00", '"', '{"a":' * 500 + "1" + "}" * 500]
)
def test_a_body_that_is_no_json_is_refused_in_the_one_shape(body: str, token: str) -> None:
    status, said = _sent(token, body)
    assert status == 400
    assert set(said) == {"code", "status", "message", "fields", "findings"}


# Guard 10
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "put"])
def test_what_the_api_does_not_have_is_answered_in_the_one_shape(method: str) -> None:
    for path in ("/api/v1/nothing", "/api/v1/cases/%00", "/api/v2/", "/api/v1/webhooks"):
        answer = getattr(Client(), method)(path)
        assert 400 <= answer.status_code < 500
        assert set(json.loads(answer.content)) == {"code", "status", "message", "fields", "findings"}, path


# Guard 10
def test_cookies_and_headers_are_clean_before_anything_reads_them(cast, settings) -> None:
    settings.PROXY_COUNT = 1
    hostile = '"a\\000b"'
    client = Client(
        headers={
            "cookie": f"sessionid={hostile}; csrftoken={hostile}; django_language={hostile}",
            "user-agent": "a\x00b",
            "x-forwarded-for": "fe80::1%a\x00b",
            "accept-language": "zh\x00",
        }
    )
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/cases/").status_code == 302


# Guard 10
def test_a_form_is_kept_without_what_nobody_sees_and_a_password_as_it_was_typed(
    signed_in, cast, stage, now, actor
) -> None:
    case = perform(
        OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code),
        actor("minjing"),
        now,
    )
    signed_in("minjing").post(f"/cases/{case.number}/note/", {"text": "已\u202e到\u200b场\x07"})
    assert case.events.get(kind="note").text == "已到场"
    cast["minjing"].set_password("correct\u200bhorse battery staple")
    cast["minjing"].save()
    answer = Client().post(
        "/accounts/login/", {"login": "minjing", "password": "correct\u200bhorse battery staple"}
    )
    assert answer.status_code == 302
