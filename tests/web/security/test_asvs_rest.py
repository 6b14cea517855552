"""Items of ASVS 5.0 that no other test looks at: cookies, TLS of programs, log lines, secrets, breaches."""

import ast
import datetime as dt
import hashlib
import logging
import re
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.test import Client

import linli
from linli.kernel.errors import LinliError
from linli.web.foundation import clock
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.breached import BreachedValidator, is_breached
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.settings.environment import secret
from linli.web.settings.logs import LineFormatter
from web.security.addresses import addresses

pytestmark = pytest.mark.any_database

SOURCES = sorted(Path(linli.__path__[0]).rglob("*.py"))
FRONTEND = Path(__file__).parents[3] / "frontend" / "src"


@pytest.mark.any_database
def test_in_production_every_cookie_is_for_this_host_alone(settings, cast, monkeypatch) -> None:
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.LANGUAGE_COOKIE_NAME, settings.DEVICE_COOKIE_NAME = "__Host-language", "__Host-device"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/language/", {"language": "en"}, secure=True)
    client.post(
        "/accounts/login/", {"login": "suozhang", "password": "correct horse battery staple"}, secure=True
    )
    client.get("/", secure=True)
    assert set(client.cookies) == {"__Host-session", "__Host-csrf", "__Host-language", "__Host-device"}
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-"), name
        assert (cookie["secure"], cookie["httponly"]) == (True, True), name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert (cookie["domain"], cookie["path"]) == ("", "/"), name


@pytest.mark.any_database
def test_the_strict_transport_policy_is_on_every_answer_and_for_subdomains(settings, signed_in) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 86400, True
    client = signed_in("suozhang")
    for path in (
        "/",
        "/nowhere/",
        "/residents/",
        "/api/v1/me",
        "/open311/v2/services.json",
        "/accounts/login/",
    ):
        assert (
            client.get(path, secure=True)["Strict-Transport-Security"]
            == "max-age=31536000; includeSubDomains"
        )


@pytest.mark.any_database
@pytest.mark.parametrize("path", ["/api/v1/me", "/open311/v2/services.json", "/calendar/secret.ics"])
def test_programs_are_refused_without_tls_and_people_are_led_to_it(path, settings, db) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health/", r"^api/", r"^open311/", r"^calendar/"]
    refused = Client().get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "https_only")
    assert Client().get(path, secure=True).status_code != 403
    assert Client().get("/accounts/login/")["Location"].startswith("https://")


def test_no_other_origin_may_read_an_answer_but_the_public_ones_of_open311(signed_in) -> None:
    client = signed_in("suozhang")
    evil = {"origin": "https://evil.example"}
    for path in ("/", "/api/v1/me", "/residents/"):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers=evil)
    public = client.get("/open311/v2/services.json", headers=evil)
    assert public["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in public


def test_signing_out_clears_what_the_browser_keeps(signed_in) -> None:
    client = signed_in("suozhang")
    assert "Clear-Site-Data" not in client.get("/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_health_is_answered_with_the_headers_too(db) -> None:
    answer = Client().get("/health/live")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def _line(message: str, *, error: Exception | None = None) -> str:
    info = None
    if error is not None:
        try:
            raise error
        except type(error):
            info = sys.exc_info()
    return LineFormatter().format(logging.LogRecord("linli", logging.ERROR, "x.py", 1, message, None, info))


@pytest.mark.any_database
@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\x85", "\u2028", "\x1b[2K\r", "\x00", "\u202e"])
def test_nobody_writes_a_line_of_the_log_by_what_they_send(break_) -> None:
    forged = f"tried{break_}2026-03-10T02:00:00.000+00:00 WARNING linli all is well"
    for line in (_line(forged), _line("failed", error=ValueError(forged))):
        first, *further = line.split("\n")
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 ERROR linli ", first)
        assert all(one.startswith("  | ") for one in further)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x85\u2028\u202e]", line)


@pytest.mark.any_database
def test_a_secret_may_stand_in_a_file(tmp_path) -> None:
    file = tmp_path / "key"
    file.write_text("from a vault\n", encoding="utf-8")
    assert secret("LINLI_SECRET_KEY", {"LINLI_SECRET_KEY_FILE": str(file)}) == "from a vault"
    assert secret("LINLI_SECRET_KEY", {"LINLI_SECRET_KEY": "given"}) == "given"
    assert secret("LINLI_SECRET_KEY", {}) == ""
    with pytest.raises(LinliError, match="Both"):
        secret("LINLI_SECRET_KEY", {"LINLI_SECRET_KEY_FILE": str(file), "LINLI_SECRET_KEY": "x"})
    with pytest.raises(LinliError, match="cannot be read"):
        secret("LINLI_SECRET_KEY", {"LINLI_SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.fixture
def breached(tmp_path, settings) -> Path:
    """Sums of made-up passwords, sorted as the real file is."""
    passwords = [f"password number {n}" for n in range(500)]
    sums = sorted(hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in passwords)
    file = tmp_path / "breached.txt"
    file.write_text("".join(f"{one}:{n + 1}\r\n" for n, one in enumerate(sums)), encoding="ascii")
    settings.BREACHED_PASSWORDS = str(file)
    return file


@pytest.mark.any_database
def test_every_password_of_a_breach_is_found_and_no_other(breached) -> None:
    assert all(is_breached(f"password number {n}", breached) for n in range(500))
    assert not any(is_breached(f"password number {n}", breached) for n in range(500, 1000))


@pytest.mark.any_database
def test_a_breached_password_is_refused(breached) -> None:
    with pytest.raises(ValidationError):
        BreachedValidator().validate("password number 7")
    BreachedValidator().validate("tea and seven herons")


@pytest.mark.any_database
def test_a_list_of_breaches_that_cannot_be_read_is_no_free_pass(settings, tmp_path) -> None:
    settings.BREACHED_PASSWORDS = str(tmp_path / "none")
    with pytest.raises(OSError, match="none"):
        BreachedValidator().validate("tea and seven herons")


@pytest.mark.any_database
def test_no_weak_hash_protects_anything() -> None:
    """MD5 and SHA-1 only where a file of others is made of them, and then said so."""
    weak = re.compile(
        r"hashlib\.(md5|sha1)\((?!.*usedforsecurity=False)|\bmd5\(|algorithms\.(ARC4|TripleDES)|modes\.ECB"
    )
    found = [
        f"{p.name}: {line.strip()}"
        for p in SOURCES
        for line in p.read_text("utf-8").splitlines()
        if weak.search(line)
    ]
    assert found == []


@pytest.mark.any_database
def test_what_must_not_be_guessed_comes_from_the_systems_own_randomness() -> None:
    """``random`` makes up data and nothing else."""
    found = []
    for path in SOURCES:
        if "web" not in path.parts or path.stem == "synthetic" or "demonstration" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names.append(node.module)
            found += [f"{path.name}: {name}" for name in names if name == "random"]
    assert found == []


@pytest.mark.any_database
def test_no_pattern_and_no_format_is_made_of_what_people_send() -> None:
    """Patterns are constants or escaped; ``format`` is called on texts of our own alone."""
    found = []
    for path in SOURCES:
        # A case type's file is the installation's own, like its settings.
        if "web" not in path.parts or path.match("casework/views/detail.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found += [f"{path.name}:{node.lineno}" for _ in [0] if _loose(node)]
    assert found == []


def _loose(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    owner = call.func.value
    if call.func.attr in ("format", "format_map"):
        return not isinstance(owner, ast.Constant) and ast.unparse(owner) != "super()"
    if isinstance(owner, ast.Name) and owner.id == "re" and call.args:
        first = call.args[0]
        return not (
            isinstance(first, ast.Constant | ast.Name)
            or (isinstance(first, ast.JoinedStr) and all(_escaped(v) for v in first.values))
            or "re.escape" in ast.unparse(first)
        )
    return False


def _escaped(part: ast.expr) -> bool:
    if isinstance(part, ast.Constant):
        return True
    text = ast.unparse(part)
    return "re.escape" in text or bool(re.fullmatch(r"f?['\"]?\{?_?[A-Z_]+\}?['\"]?", text))


@pytest.mark.any_database
def test_scripts_write_text_as_text() -> None:
    """No ``innerHTML`` and the like: what the server sent is imported as nodes, the rest is text."""
    wanted = re.compile(
        r"\.(inner|outer)HTML\s*=(?!=)|insertAdjacentHTML|document\.write|new Function|\beval\("
        r"|addEventListener\([\"']message"
    )
    found = [
        f"{p.name}: {w[0]}" for p in FRONTEND.rglob("*.ts") if (w := wanted.search(p.read_text("utf-8")))
    ]
    assert found == []


def test_a_page_for_people_offers_the_way_out(signed_in) -> None:
    for path in ("/", "/cases/", "/me/", "/notices/"):
        assert 'action="/accounts/logout/"' in signed_in("suozhang").get(path).content.decode()


def test_a_session_key_cannot_be_guessed(signed_in) -> None:
    client = signed_in("suozhang")
    key = client.cookies["sessionid"].value
    assert re.fullmatch(r"[a-z0-9]{32,}", key)  # 32 signs of 36: 165 bits


def test_what_is_encoded_twice_is_decoded_once(signed_in) -> None:
    page = signed_in("suozhang").get("/search/?q=%253Cb%253E").content.decode()
    assert "%3Cb%3E" in page
    assert "<b>" not in page


@pytest.mark.django_db
def test_a_new_installation_has_no_account() -> None:
    from linli.web.foundation.accounts.models import User

    assert not User.objects.exists()


WRITTEN_BY_READING = {
    "Entry",
    "Lane",
    "Session",
    "CacheEntry",
    "Device",
    "DailySalt",
    "Pace",
    "Attempt",
    "AccessAttempt",
}
"""What reading may write: the log of looks, sessions, counters."""


def _rows() -> dict[str, tuple[int, int]]:
    """For each model how many rows there are and the sum of their revisions, where they have one."""
    found = {}
    for model in apps.get_models():
        if model.__name__ in WRITTEN_BY_READING or not model._meta.managed:
            continue
        fields = {field.name for field in model._meta.fields}
        total = model.objects.aggregate(total=Sum("revision"))["total"] if "revision" in fields else 0
        found[model._meta.label] = (model.objects.count(), total or 0)
    return found


@pytest.mark.any_database
def test_a_get_changes_nothing(stage, now, signed_in) -> None:
    case = perform(
        OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code), SYSTEM, now
    )
    clients = [signed_in(name) for name in ("suozhang", "guihua", "guanli")]
    before = _rows()
    for one in addresses():
        for client in clients:
            client.raise_request_exception = False
            answer = client.get(one.path(number=case.number or ""))
            for close in answer._resource_closers:
                close()
            if answer.status_code == 200:
                break
    assert {name: (before[name], rows) for name, rows in _rows().items() if rows != before[name]} == {}


@pytest.mark.any_database
def test_no_template_makes_an_address_of_a_persons_words() -> None:
    """``href`` and ``src`` begin with a route, a fixed address, or a name that says that it is an address."""
    begins = re.compile(r"\b(?:href|src|action|formaction)=\"\{\{\s*([\w.]+)")
    words = re.compile(r"(?i)\b(text|title|description|address|answer|note|name|reason|words)$")
    found = []
    for path in Path(linli.__path__[0]).rglob("templates/**/*.html"):
        found += [
            f"{path.name}: {name}" for name in begins.findall(path.read_text("utf-8")) if words.search(name)
        ]
    assert found == []


@pytest.mark.any_database
def test_no_template_is_made_of_text() -> None:
    """Templates are files: nothing is compiled from a string."""
    wanted = re.compile(r"\bTemplate\(|from_string\(|engines\[")
    found = [
        f"{p.name}: {line.strip()}"
        for p in SOURCES
        if "web" in p.parts
        for line in p.read_text("utf-8").splitlines()
        if wanted.search(line)
    ]
    assert found == []


@pytest.mark.any_database
def test_scripts_write_no_property_by_a_name_from_outside() -> None:
    """Objects that are filled by names from outside are maps; nothing is merged into a prototype."""
    wanted = re.compile(r"__proto__|Object\.assign\(\s*[A-Za-z_.]*[pP]rototype|\.constructor\[")
    found = [
        f"{p.name}: {w[0]}" for p in FRONTEND.rglob("*.ts") if (w := wanted.search(p.read_text("utf-8")))
    ]
    assert found == []


def test_no_password_runs_out_but_a_temporary_one(cast, signed_in, now, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=3 * 365))
    assert cast["suozhang"].temporary_until is None
    assert Client().post(
        "/accounts/login/", {"login": "suozhang", "password": "correct horse battery staple"}
    )["Location"] in ("/", "/home/")


@pytest.mark.parametrize("path", ["/static/", "/files/", "/media/", "/static/screens/", "/.git/config"])
def test_no_folder_is_listed(path, signed_in) -> None:
    answer = signed_in("suozhang").get(path)
    assert answer.status_code == 404
    assert "Index of" not in answer.content.decode()


def test_an_unexpected_error_is_logged(signed_in, monkeypatch, caplog) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("linli.web.foundation.screens.views.case_page", fail)
    client = signed_in("suozhang")
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    assert any(record.levelname == "ERROR" and record.exc_info for record in caplog.records)


@pytest.mark.any_database
def test_no_redirect_of_another_server_is_followed() -> None:
    """Whatever asks another server does it with a client that follows nothing, or says so."""
    asking = re.compile(
        r"\brequests\.(get|post|put|request)\(|urlopen\(|httpx\.|allow_redirects=True|follow_redirects=True"
    )
    found = [
        f"{p.name}: {line.strip()}"
        for p in SOURCES
        if "web" in p.parts
        for line in p.read_text("utf-8").splitlines()
        if asking.search(line)
    ]
    assert found == []
