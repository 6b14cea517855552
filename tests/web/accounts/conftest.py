"""Signing in as people do: over HTTP, with a password and codes."""

import hashlib
import hmac
import struct
import time
from base64 import b32decode
from collections.abc import Callable

import pytest
from django.test import Client
from django.test.client import Client as Browser

from web.conftest import PASSWORD

SignIn = Callable[..., Browser]


@pytest.fixture
def strict(settings) -> None:
    """As in earnest: no demonstration."""
    settings.DEMO = False


@pytest.fixture
def enter(cast) -> SignIn:
    """A browser that has signed in with a password; ``answer`` is what came back."""

    def sign_in(
        username: str, password: str = PASSWORD, *, language: str = "zh-hans", address: str = "10.1.1.1"
    ):
        client = Client(
            headers={"accept-language": language, "user-agent": "Testbrowser/1.0"}, REMOTE_ADDR=address
        )
        client.answer = client.post("/accounts/login/", {"login": username, "password": password})
        return client

    return sign_in


def code_of(secret: str, *, at: float | None = None) -> str:
    """The six digits of an authenticator app (RFC 6238), worked out apart from the code under test."""
    counter = int((time.time() if at is None else at) // 30)
    digest = hmac.new(
        b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", counter), hashlib.sha1
    ).digest()
    start = digest[-1] & 15
    return str((struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6).zfill(6)
