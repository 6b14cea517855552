"""The production guide, as it is written: gunicorn's command line, several workers, a proxy in front."""

import re
import shlex
import sys
from pathlib import Path

import pytest
import requests

from web.running.installation import PATIENCE, Installation, free_port, until
from web.running.visitor import Visitor

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "running.md"
HOST = "linli.example.cn"
CLIENT = "203.0.113.9"


def gunicorn(port: int) -> list[str]:
    """The guide's command, on a port of our own."""
    written = re.search(r"^ExecStart=\S+/gunicorn (.*)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert written is not None
    arguments = shlex.split(written.group(1).replace("127.0.0.1:8000", f"127.0.0.1:{port}"))
    return [str(Path(sys.executable).parent / "gunicorn"), *arguments]


class ThroughProxy(requests.Session):
    """What nginx of the guide would pass on; the browser in front of it speaks TLS."""

    def __init__(self) -> None:
        super().__init__()
        self.headers.update({"Host": HOST, "X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https"})
        self.auth = self._with_cookies

    def _with_cookies(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # By itself the library sends a secure cookie over TLS alone, which ends at the proxy.
        request.headers["Cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        return request


@pytest.fixture
def production(staffed: Installation) -> Installation:
    if staffed.is_sqlite:
        pytest.skip("production is on PostgreSQL")
    key = (staffed.folder / "secret.key").read_text()
    staffed.settings = {
        "LINLI_PRODUCTION": "1",
        "LINLI_SECRET_KEY": key,
        "LINLI_AUDIT_KEY": f"audit:{key}",
        "LINLI_HOSTS": HOST,
    }
    staffed.linli("platform", "migrate")
    return staffed


def test_the_guide_works(production: Installation) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    production.start(*gunicorn(port), log="web")
    for _ in range(2):
        production.start_worker()
    until(lambda: _status(f"{url}/health/worker") == 200)
    assert "All checks passed" in production.linli("--language", "en", "platform", "check")

    plain = requests.get(
        f"{url}/accounts/login/", headers={"Host": HOST}, timeout=PATIENCE, allow_redirects=False
    )
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/accounts/login/")

    visitor = Visitor(url, "minjing", session=ThroughProxy(), site=f"https://{HOST}")
    home = visitor.read("/")
    assert home.status_code == 200
    assert "max-age=31536000" in home.headers["Strict-Transport-Security"]
    assert {cookie.name for cookie in visitor.session.cookies} >= {"__Host-session", "__Host-csrf"}
    assert all(cookie.secure for cookie in visitor.session.cookies)
    address = production.one("SELECT address FROM audit_entry WHERE action = 'account.sign_in'")
    assert address == CLIENT

    style = re.search(r'href="(/static/[^"]+\.css)"', home.text)
    assert style is not None
    served = visitor.read(style.group(1))
    assert "immutable" in served.headers["Cache-Control"]
    assert served.headers.get("Content-Encoding") in {"gzip", "br"}

    for _ in range(20):
        visitor.read("/cases/")
    counted = 'linli_request_seconds_count{method="GET",route="cases/",answer="2xx"} 20'
    until(lambda: counted in requests.get(f"{url}/metrics", timeout=PATIENCE).text)
    assert visitor.read("/metrics").status_code == 403
    assert "linli_workers 2" in requests.get(f"{url}/metrics", timeout=PATIENCE).text


def _status(url: str) -> int:
    try:
        return requests.get(url, timeout=PATIENCE).status_code
    except requests.RequestException:
        return 0
