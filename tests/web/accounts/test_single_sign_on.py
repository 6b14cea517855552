"""OpenID Connect against a real, small identity provider that runs beside the test and speaks HTTP."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from linli.web.foundation.audit.models import Entry

pytestmark = pytest.mark.any_database

CLIENT, SECRET = "linli", "s3cret of the client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Knows one person at a time: whoever ``person`` says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.issuer = self.url
        self.claims: dict[str, Any] = {}
        """What the identity token says otherwise than it should."""
        self.key: Any = KEY
        self.algorithm = "RS256"


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _json(self, body: Any, status: int = 200) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def do_GET(self) -> None:
        url, provider = urlsplit(self.path), self.server
        match url.path:
            case "/.well-known/openid-configuration":
                self._json(
                    {
                        "issuer": provider.issuer,
                        "authorization_endpoint": f"{provider.url}/authorize",
                        "token_endpoint": f"{provider.url}/token",
                        "userinfo_endpoint": f"{provider.url}/userinfo",
                        "jwks_uri": f"{provider.url}/jwks",
                        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                    }
                )
            case "/authorize":
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                code = secrets.token_urlsafe(16)
                provider.codes[code] = asked
                back = urlencode({"code": code, "state": asked["state"]})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            case "/userinfo":
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                self._json(provider.tokens.get(token, {}), 200 if token in provider.tokens else 401)
            case "/jwks":
                key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                self._json({"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]})
            case _:
                self._json({}, 404)

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = {name: values[0] for name, values in body.items()}
        asked = self.server.codes.pop(given.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or self.headers.get("Authorization") != expected or not _proves(asked, given):
            self._json({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe(16)
        self.server.tokens[token] = dict(self.server.person)
        claims = {
            **self.server.person,
            "iss": self.server.url,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            **self.server.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        id_token = jwt.encode(claims, self.server.key, algorithm=self.server.algorithm, headers={"kid": "1"})
        self._json({"access_token": token, "token_type": "Bearer", "id_token": id_token, "expires_in": 300})


def _proves(asked: dict[str, str], given: dict[str, str]) -> bool:
    digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
    return asked.get("code_challenge") == base64.urlsafe_b64encode(digest).decode().rstrip("=")


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": "单点登录 SSO",
                    "client_id": CLIENT,
                    "secret": SECRET,
                    "settings": {"server_url": server.url, "oauth_pkce_enabled": True},
                }
            ]
        }
    }
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Do not follow: the test is the browser."""


def _sign_in(client: Client, provider: Provider, *, spoil: str = "") -> Any:
    """Go to the provider and come back, as a browser does."""
    there = client.post("/accounts/oidc/sso/login/")
    assert there.status_code == 302
    assert there["Location"].startswith(f"{provider.url}/authorize?")
    return client.get(f"{_way_back(there['Location'])}{spoil}")


def _way_back(address: str) -> str:
    """Where the provider sends the browser."""
    with pytest.raises(HTTPError) as answer:
        build_opener(_Stay).open(address, timeout=10)
    back = urlsplit(answer.value.headers["Location"])
    answer.value.close()
    return f"{back.path}?{back.query}"


def _inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "单点登录"), ("en", "SSO")])
def test_the_sign_in_page_offers_it_where_it_is_set_up(provider, cast, language, words) -> None:
    page = Client(headers={"accept-language": language}).get("/accounts/login/").content.decode()
    assert words in page
    assert "/accounts/oidc/sso/login/" in page
    asked = Client(headers={"accept-language": language}).get("/accounts/oidc/sso/login/")
    assert asked.status_code == 200
    assert "<script" not in asked.content.decode().replace("<script src", "")


def test_it_is_not_offered_where_it_is_not_set_up(cast) -> None:
    assert "oidc" not in Client().get("/accounts/login/").content.decode()
    assert Client().get("/accounts/oidc/sso/login/").status_code == 404


def test_somebody_whom_the_provider_knows_gets_into_the_account_of_that_name(provider, cast) -> None:
    provider.person = {
        "sub": "77",
        "preferred_username": "minjing",
        "email": "wang@example.org",
        "name": "王",
    }
    client = Client()
    _sign_in(client, provider)
    assert _inside(client)
    kept = SocialAccount.objects.get(user=cast["minjing"])
    assert kept.uid == "77"
    assert kept.extra_data == {"preferred_username": "minjing"}
    assert not SocialToken.objects.exists()
    actions = set(Entry.objects.filter(actor_id=cast["minjing"].pk).values_list("action", flat=True))
    assert "account.sign_in" in actions
    again = Client()
    _sign_in(again, provider)
    assert _inside(again)
    assert SocialAccount.objects.get().extra_data == {"preferred_username": "minjing"}


@pytest.mark.parametrize("name", ["nobody", "", None, "Minjing "])
def test_somebody_without_an_account_here_stays_outside_and_none_is_made(provider, cast, name) -> None:
    from linli.web.foundation.accounts.models import User

    before = User.objects.count()
    provider.person = {"sub": "78", "preferred_username": name}
    client = Client()
    answer = _sign_in(client, provider)
    assert answer.status_code in (200, 302, 403)
    assert not _inside(client)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_stopped_account_stays_stopped(provider, cast) -> None:
    provider.person = {"sub": "77", "preferred_username": "minjing"}
    client = Client()
    _sign_in(client, provider)
    cast["minjing"].is_active = False
    cast["minjing"].save()
    assert not _inside(client)
    again = Client()
    _sign_in(again, provider)
    assert not _inside(again)


def test_a_privileged_role_needs_the_second_factor_here_too(provider, cast, settings) -> None:
    settings.DEMO = False
    provider.person = {"sub": "79", "preferred_username": "suozhang"}
    client = Client()
    _sign_in(client, provider)
    assert client.get("/")["Location"] == "/accounts/2fa/"


def test_an_answer_that_was_not_asked_for_is_refused(provider, cast) -> None:
    provider.person = {"sub": "77", "preferred_username": "minjing"}
    client = Client()
    client.get("/accounts/oidc/sso/login/callback/?code=x&state=forged")
    assert not _inside(client)
    victim = Client()
    assert _sign_in(victim, provider, spoil="&state=forged").status_code < 500
    assert not _inside(victim)


def test_signing_in_begins_only_with_a_form_of_our_own(provider, cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/oidc/sso/login/").status_code == 403


MINJING = {"sub": "77", "preferred_username": "minjing"}


# Guard D
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://another.example"},
        {"aud": "another client"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": "another person"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_in_its_time_about_one_person_opens_nothing(
    provider, cast, claims
) -> None:
    provider.person, provider.claims = MINJING, claims
    client = Client()
    assert _sign_in(client, provider).status_code < 500
    assert not _inside(client)


# Guard D
@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"),
        ("the client's own secret, long enough for it", "HS256"),
        (None, "none"),
    ],
    ids=["another key", "a shared secret", "no signature"],
)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(provider, cast, key, algorithm) -> None:
    provider.person, provider.key, provider.algorithm = MINJING, key, algorithm
    client = Client()
    assert _sign_in(client, provider).status_code < 500
    assert not _inside(client)


# Guard D
def test_a_token_with_a_number_of_its_own_is_used_once(provider, cast) -> None:
    provider.person, provider.claims = MINJING, {"jti": "token 1"}
    _sign_in(first := Client(), provider)
    _sign_in(second := Client(), provider)
    assert (_inside(first), _inside(second)) == (True, False)


# Guard D
def test_a_provider_that_calls_itself_another_is_not_believed(provider, cast) -> None:
    # Its tokens agree with what it calls itself from now on.
    provider.person, provider.claims = MINJING, {"iss": "https://another.example"}
    client = Client()
    there = client.post("/accounts/oidc/sso/login/")
    provider.issuer = "https://another.example"
    assert client.get(_way_back(there["Location"])).status_code == 401
    assert not _inside(client)
    # Nobody else is even led there.
    assert Client().post("/accounts/oidc/sso/login/").status_code == 401


# Guard D
def test_a_provider_that_is_away_is_no_error_of_ours(provider, cast, settings) -> None:
    provider.person = MINJING
    client = Client()
    there = client.post("/accounts/oidc/sso/login/")
    back = _way_back(there["Location"])
    provider.server_close()
    assert client.get(back).status_code == 401
    assert client.post("/accounts/oidc/sso/login/").status_code == 401
    assert not _inside(client)


# Guard D
def test_a_name_that_is_given_to_somebody_else_later_does_not_open_the_account(provider, cast) -> None:
    provider.person = MINJING
    _sign_in(Client(), provider)
    provider.person = {"sub": "78", "preferred_username": "minjing"}
    client = Client()
    _sign_in(client, provider)
    assert not _inside(client)
    assert [one.uid for one in SocialAccount.objects.filter(user=cast["minjing"])] == ["77"]
