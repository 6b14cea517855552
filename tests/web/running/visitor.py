"""Somebody with a browser: signs in, opens forms, sends them, and sends them again when the line breaks."""

import re
import time
import uuid
from dataclasses import dataclass, field

import requests

from web.running.installation import PASSWORD, PATIENCE

__all__ = ["Visitor"]

PLACE = "990000000000"
"""The first place of the synthetic county: the cast's own."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Visitor:
    """One browser, signed in."""

    url: str
    username: str
    session: requests.Session = field(default_factory=requests.Session)
    site: str = ""
    """Where the browser believes to be, if a proxy stands in between."""

    def __post_init__(self) -> None:
        self.session.headers["Accept-Language"] = "en"
        form = {"login": self.username, "password": PASSWORD}
        answer = self.send("/accounts/login/", form)
        assert "/login" not in answer.headers.get("Location", "/login"), answer.text

    def read(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=60, allow_redirects=False)

    def token(self, path: str) -> str:
        """What a form of the page must be sent with; good for every form of this session."""
        page = self.read(path)
        found = TOKEN.search(page.text)
        assert found is not None, f"no form on {path}: {page.status_code} {page.text[:1000]}"
        return found.group(1)

    def send(
        self,
        path: str,
        values: dict[str, str],
        *,
        token: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> requests.Response:
        return self.session.post(
            self.url + path,
            data={"csrfmiddlewaretoken": token or self.token(path), **values},
            files=files,
            timeout=60,
            allow_redirects=False,
            headers={"Referer": (self.site or self.url) + path},
        )

    def open_case(self, title: str, submission: str, token: str) -> requests.Response:
        values = {"category": "other", "title": title, "place": PLACE, "submission": submission}
        return self.send("/cases/open/request/", values, token=token)

    def insist(self, title: str, token: str) -> str:
        """Open a case as somebody does who is told that it did not work: send the same form until it has."""
        submission, end = uuid.uuid4().hex, time.monotonic() + 2 * PATIENCE
        while time.monotonic() < end:
            try:
                answer = self.open_case(title, submission, token)
            except requests.RequestException:
                time.sleep(0.3)
                continue
            if answer.status_code == 302:
                return answer.headers["Location"]
            assert answer.status_code == 503, f"{answer.status_code}: {answer.text[:2000]}"
            time.sleep(0.3)
        raise AssertionError(f"{title} was never taken in")
