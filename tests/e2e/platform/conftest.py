"""A running platform in a real browser: the fixed cast, both languages, and a clock that can be moved on."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from linli.web.demonstration.cast import Stage, make_cast
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import User
from web.conftest import NOW, PASSWORD, _quick, county, now, stage  # noqa: F401 - fixtures

# Playwright's loop runs in this thread, and Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

SIZES = {"desktop": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
LANGUAGES = ("zh", "en")
PATIENCE = 60_000
"""Milliseconds until a page that does not come has failed: on a busy machine it comes late."""
expect.set_options(timeout=PATIENCE)
SHOTS = os.environ.get("LINLI_SHOTS")
"""A folder for pictures for people to look at; a run that nobody looks at takes none."""
VIEWS = list(product(LANGUAGES, SIZES)) if SHOTS else [("zh", "desktop"), ("en", "phone")]
"""Each page once in each language and at each width: English, the longer one, where there is least room."""


@dataclass
class Site:
    """The platform as people use it."""

    url: str
    cast: dict[str, User]
    stage: Stage
    launch: Callable[..., Browser]
    monkeypatch: pytest.MonkeyPatch
    at: dt.datetime = NOW
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def page(self, username: str | None, language: str = "zh", size: str = "desktop") -> Page:
        """A page of somebody who is signed in, or of nobody."""
        context = self.launch().new_context(
            viewport=SIZES[size], locale="zh-CN" if language == "zh" else "en-GB", base_url=self.url
        )
        self.contexts.append(context)
        if username is not None:
            context.add_cookies([self._session(username)])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda r: self._inside(r.url))
        return page

    def _inside(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"left the site: {url}")

    def _session(self, username: str) -> Any:
        client = Client()
        client.force_login(self.cast[username], backend="allauth.account.auth_backends.AuthenticationBackend")
        return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}

    def advance(self, **duration: float) -> dt.datetime:
        """Move the platform's clock on, such as ``hours=30``; take new pages afterwards, for sessions end."""
        self.at += dt.timedelta(**duration)
        self.monkeypatch.setattr(clock, "now", lambda: self.at)
        return self.at

    def expect_complaint(self, part: str) -> None:
        """Forget complaints that a story causes on purpose, such as the 422 of a refused form."""
        self.complaints[:] = [one for one in self.complaints if part not in one]

    def shot(self, page: Page, name: str) -> None:
        """Keep a picture, where people want to look."""
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)

    def keep(self, content: bytes, name: str) -> None:
        """Keep a file among the pictures, where people want to look."""
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            (Path(SHOTS) / name).write_bytes(content)

    def accessible(self, page: Page) -> None:
        """Fail on anything that axe finds against WCAG 2.2 AA."""
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def site(
    live_server: Any,
    stage: Stage,  # noqa: F811
    launch: Callable[..., Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    """The platform on a server of its own, on 2026-03-10 at 10:00 in Shanghai until it is moved on."""
    cast = make_cast(stage, dt.date(2026, 1, 1), password=PASSWORD)
    made = Site(live_server.url, cast, stage, launch, monkeypatch)
    made.advance(hours=0)
    yield made
    for context in made.contexts:
        context.close()
    assert made.complaints == []
