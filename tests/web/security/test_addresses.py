"""Every address needs signing in or is listed as public; wrong methods and forged forms are refused."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from web.conftest import ROLES
from web.security.addresses import Address, addresses
from web.security.reading import shown_in

PUBLIC: dict[str, Any] = tomllib.loads((Path(__file__).parent / "public.toml").read_text(encoding="utf-8"))
SIGN_IN = "/accounts/login/"
COUNTY = {"planner", "dispatcher", "auditor", "administrator", "security_administrator"}


def _public(one: Address) -> bool:
    named = one.name in PUBLIC["names"] or one.name in PUBLIC["closed"]
    return named or (not one.name and one.route in PUBLIC["patterns"])


def _quiet(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def _ask(client: Client, method: str, path: str, sent: Mapping[str, str] | None = None) -> Any:
    """An answer whose files are closed; closing all of it would close the test's own connection too."""
    answer = getattr(client, method)(path, *([] if sent is None else [sent]))
    answer.shown = shown_in(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    for close in answer._resource_closers:
        close()
    return answer


@pytest.fixture
def case(stage, now) -> Case:
    """A request in the other station's area."""
    return perform(
        OpenCase(kind="request", category="streetlight", title="别所路灯", place=stage.other_place.code),
        SYSTEM,
        now,
    )


def _leads_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 401 or (answer.status_code == 302 and answer["Location"].startswith(SIGN_IN))


def test_the_list_of_public_addresses_names_addresses_that_are_there() -> None:
    there = {one.name for one in addresses()} | {"health", "health_live", "health_ready", "metrics"}
    assert set(PUBLIC["names"]) - there == set()


MEANT = {
    "account_change_password",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "openid_connect_callback",
    "openid_connect_login",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
}
"""The pages of the accounts' library that are meant."""


# Guard 6
@pytest.mark.any_database
def test_of_the_library_s_own_pages_those_are_there_that_are_meant() -> None:
    there = {one.name for one in addresses() if one.route.startswith("accounts/")}
    assert there == MEANT | set(PUBLIC["closed"])


# Guard 6
@pytest.mark.any_database
@pytest.mark.parametrize("username", [None, "minjing", "guanli"])
def test_the_library_s_other_pages_are_not_found_whoever_asks(cast, signed_in, username) -> None:
    client = _quiet(Client() if username is None else signed_in(username))
    paths = {one.path(number="") for one in addresses() if one.name in PUBLIC["closed"]}
    library = addresses("allauth.urls", "accounts/")
    paths |= {one.path(number="") for one in library if one.name not in MEANT}
    assert len(paths) > 2 * len(PUBLIC["closed"])
    found = {path: (client.get(path).status_code, client.post(path).status_code) for path in sorted(paths)}
    assert {path: answer for path, answer in found.items() if answer != (404, 404)} == {}


def test_whatever_is_not_public_leads_a_visitor_to_the_sign_in_page(case, cast) -> None:
    wrong = []
    client = _quiet(Client())
    for one in addresses():
        path = one.path(number=case.number or "")
        for method in ("get", "post"):
            answer = _ask(client, method, path)
            if answer.status_code >= 500 or (
                not _public(one) and answer.status_code != 405 and not _leads_to_sign_in(answer)
            ):
                wrong.append(f"{method} {path} ({one.name}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.any_database
def test_whatever_is_not_public_answers_some_method_only_to_who_is_signed_in(case, cast) -> None:
    wrong = []
    client = _quiet(Client())
    for one in addresses():
        path = one.path(number=case.number or "")
        answers = [_ask(client, method, path) for method in ("get", "post", "delete", "put", "patch")]
        if not _public(one) and not any(map(_leads_to_sign_in, answers)):
            wrong.append(f"{path} ({one.name}): {[answer.status_code for answer in answers]}")
    assert not wrong, "\n".join(wrong)


def test_a_form_without_the_token_of_our_own_page_is_refused_everywhere(case, cast) -> None:
    wrong = []
    client = _quiet(Client(enforce_csrf_checks=True))
    client.force_login(cast["minjing"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for one in addresses():
        if one.route.startswith(tuple(PUBLIC["without_token"])):
            continue
        path = one.path(number=case.number or "")
        # An address that takes no forms may say so first.
        if (answer := _ask(client, "post", path)).status_code not in (403, 405):
            wrong.append(f"{path} ({one.name}): {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert client.post("/accounts/logout/").status_code == 403
    assert client.post(f"/cases/{case.number}/note/", {"text": "x"}).status_code == 403


def test_the_api_takes_no_session(case, signed_in) -> None:
    client = signed_in("suozhang")
    for path in ("/api/v1/cases", "/api/v1/me", f"/api/v1/cases/{case.number}"):
        assert client.get(path).status_code == 401
    assert client.post(f"/api/v1/cases/{case.number}/notes", {}).status_code == 401


HARMLESS = ("language/", "accounts/", "api/", "open311/")
"""allauth's pages take PUT for POST, which needs the token too; the others keep no session."""


@pytest.mark.any_database
def test_methods_that_no_page_has_are_refused(case, signed_in) -> None:
    wrong = []
    client = _quiet(signed_in("suozhang"))
    for one in addresses():
        if one.route.startswith(HARMLESS):
            continue
        path = one.path(number=case.number or "")
        for method in ("put", "patch", "delete", "trace"):
            status = _ask(client, method, path).status_code
            if status < 300 or status >= 500:
                wrong.append(f"{method} {path} ({one.name}): {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.any_database
@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_page_of_another_territory_fails_or_opens(role, case, signed_in) -> None:
    client, wrong = _quiet(signed_in(ROLES[role])), []
    for one in addresses():
        path = one.path(number=case.number or "")
        if path.startswith(("/accounts/logout", "/api/")):
            continue
        for method in ("get", "post"):
            answer = _ask(client, method, path)
            opened = one.about_a_case and not _public(one) and role not in COUNTY
            if answer.status_code >= 500 or (opened and answer.status_code not in (302, 403, 404, 405, 422)):
                wrong.append(f"{method} {path} ({one.name}): {answer.status_code}")
            elif opened and case.title in answer.shown:
                wrong.append(f"{method} {path} ({one.name}) shows the title")
        client = _quiet(signed_in(ROLES[role])) if "sessions/end" in path else client
    assert not wrong, "\n".join(wrong)
    case.refresh_from_db()
    assert case.revision == 1


@pytest.mark.parametrize(
    "number",
    ["", "X", "SQ260310-00001%00", "../../etc/passwd", "%2e%2e%2f", "1 OR 1=1", "王" * 60, "<script>"],
)
def test_nonsense_in_an_address_is_not_found_and_never_fails(number, signed_in, case) -> None:
    client = _quiet(signed_in("suozhang"))
    for url in (
        f"/cases/{number}/",
        f"/audit/cases/{number}/",
        f"/requests/{number}/receipt/",
        f"/cases/?after={number}",
        f"/search/?q={number}",
        f"/audit/?after={number}&since={number}",
    ):
        assert client.get(url).status_code < 500, url
