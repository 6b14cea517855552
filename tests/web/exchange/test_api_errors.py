"""Every error of the API has the one shape, wherever in Linli it is met."""

import pytest
from django.core.exceptions import DisallowedHost
from django.db import OperationalError
from django.test import Client, RequestFactory

from linli.web.foundation import clock
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.exchange.api import cases
from linli.web.foundation.exchange.tokens import MakeToken
from linli.web.foundation.screens import errors
from linli.web.foundation.screens.outages import outage_answer, outage_of

pytestmark = pytest.mark.django_db
SHAPE = {"code", "status", "message", "fields", "findings"}


@pytest.fixture
def program(cast) -> Client:
    who = actor_of(cast["minjing"], clock.now())
    _, token = perform(MakeToken(title="t", days=1, may_write=True), who, clock.now())
    return Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)


def shown(answer, status: int) -> None:
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (status, "application/json")
    assert set(answer.json()) == SHAPE
    assert answer.json()["status"] == status


# Guard 3
@pytest.mark.parametrize("signed", [True, False])
def test_an_unknown_path_a_wrong_method_and_a_broken_body_have_the_one_shape(program, signed) -> None:
    client = program if signed else Client(raise_request_exception=False)
    shown(client.get("/api/v1/nowhere"), 404)
    shown(client.get("/api/nowhere/"), 404)
    shown(client.put("/api/v1/me"), 405)
    broken = client.post("/api/v1/cases", b"{", content_type="application/json")
    shown(broken, 400 if signed else 401)


# Guard 3
def test_a_body_that_is_too_large_and_a_mistake_of_ours_have_the_one_shape(
    program, settings, monkeypatch
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    large = program.post("/api/v1/cases", b"{" + b" " * 100, content_type="application/json")
    assert large.status_code in (400, 413)
    shown(large, large.status_code)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cases, "case_page", broken)
    shown(program.get("/api/v1/cases"), 500)


# Guard 3
def test_what_is_refused_before_any_address_is_looked_at_has_the_one_shape() -> None:
    stranger = Client(headers={"host": "evil.example"}, raise_request_exception=False)
    shown(stranger.get("/api/v1/me"), 400)
    page = stranger.get("/")
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (400, "text/html")
    request = RequestFactory().get("/api/v1/me")
    request.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    text = outage_of(OperationalError("gone"))
    assert text is not None
    for answer in (outage_answer(request, text), errors.server_error(request)):
        answer.json = lambda answer=answer: __import__("json").loads(answer.content)  # type: ignore[attr-defined]
        shown(answer, answer.status_code)
    assert errors.bad_request(request, DisallowedHost()).status_code == 400
