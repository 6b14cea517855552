"""What every answer says to the browser, and what an installation in production insists on."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

import linli.web

pytestmark = pytest.mark.any_database

PAGES = ("/", "/cases/", "/search/?q=x", "/notices/", "/me/", "/accounts/2fa/", "/accounts/password/change/")
OPEN = ("/accounts/login/", "/residents/", "/open311/v2/services.json", "/nowhere/", "/api/v1/me")


def _policy(answer) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


@pytest.mark.parametrize("path", [*PAGES, *OPEN])
def test_every_answer_carries_the_headers_that_keep_a_browser_safe(path, signed_in) -> None:
    answer = (Client() if path in OPEN else signed_in("suozhang")).get(path)
    policy = _policy(answer)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "charset=utf-8" in answer["Content-Type"] or answer["Content-Type"] == "application/json"
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_somebody_who_is_signed_in_stay_in_no_cache(path, signed_in) -> None:
    assert "no-store" in signed_in("suozhang").get(path)["Cache-Control"]


def test_the_sign_in_page_stays_in_no_cache(db) -> None:
    assert "no-store" in Client().get("/accounts/login/")["Cache-Control"]


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>\s*\S|<style\b|\sstyle=\"|\son[a-z]+=\"|javascript:",
    re.IGNORECASE,
)


def test_no_template_holds_a_script_or_style_of_its_own() -> None:
    found = []
    for path in Path(linli.web.__path__[0]).rglob("templates/**/*.html"):
        text = re.sub(
            r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        if "papers" in path.parts or "documents" in path.parts:
            # Printed as PDF, never sent to a browser.
            continue
        if match := INLINE.search(text):
            found.append(f"{path.name}: {match[0]!r}")
    assert found == []


def test_no_template_switches_escaping_off() -> None:
    found = []
    for path in Path(linli.web.__path__[0]).rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"\|\s*safe\b|autoescape off|mark_safe", text):
            found.append(str(path))
    assert found == []


def test_no_code_calls_what_runs_text_or_trusts_it() -> None:
    """No eval, no pickle, no shell, no raw SQL made of text, no mark_safe."""
    wanted = re.compile(
        r"\beval\(|\bexec\(|pickle\.|shell=True|mark_safe\(|yaml\.load\(|\.extra\(|verify=False"
    )
    found = []
    for path in Path(linli.web.__path__[0]).rglob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if wanted.search(line):
                found.append(f"{path.name}:{number} {line.strip()}")
    assert found == []


def _settings(tmp_path: Path, **environment: str) -> dict:
    """The settings of an installation of its own, as it would start."""
    code = (
        "import json\nfrom linli.web import settings as s\n"
        "print(json.dumps({k: v for k, v in vars(s).items() if k.isupper()}, default=str))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LINLI_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def production(tmp_path) -> dict:
    return _settings(
        tmp_path, LINLI_PRODUCTION="1", LINLI_SECRET_KEY="k" * 60, LINLI_HOSTS="linli.example", LINLI_DEMO=""
    )


def test_in_production_cookies_are_bound_to_the_host_and_to_https(production) -> None:
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        assert production[f"{name}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{name}_COOKIE_SECURE"] is True
        assert production[f"{name}_COOKIE_HTTPONLY"] is True
        assert production[f"{name}_COOKIE_SAMESITE"] == "Lax"
        assert production.get(f"{name}_COOKIE_DOMAIN") is None
        assert production.get(f"{name}_COOKIE_PATH", "/") == "/"


def test_in_production_only_https_is_spoken(production) -> None:
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 365 * 86400
    assert production["DEBUG"] is False
    assert production["DEMO"] is False
    assert production["ALLOWED_HOSTS"] == ["linli.example"]
    assert production["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False


def test_without_a_key_of_its_own_production_does_not_start(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import linli.web.settings"],
        env={**os.environ, "LINLI_DATA": str(tmp_path), "LINLI_PRODUCTION": "1", "LINLI_SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "LINLI_SECRET_KEY" in done.stderr


def test_a_key_that_is_made_is_for_its_owner_alone(tmp_path) -> None:
    made = _settings(tmp_path, LINLI_SECRET_KEY="", LINLI_PRODUCTION="")
    file = tmp_path / "secret.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(made["SECRET_KEY"]) >= 64


def test_a_host_name_that_is_not_ours_is_refused(db) -> None:
    assert Client().get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_a_failure_tells_nothing_of_the_inside(signed_in, monkeypatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr("linli.web.foundation.screens.views.case_page", fail)
    client = signed_in("suozhang")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
