"""The home page shows its lists first; what features add comes after, or at once where no script runs."""

from collections.abc import Callable

import pytest
from django.test import Client

SignIn = Callable[..., Client]


@pytest.mark.usefixtures("county")
def test_the_lists_wait_for_no_feature(signed_in: SignIn) -> None:
    client = signed_in("minjing")
    page = client.get("/").content.decode()
    assert 'hx-get="/home/cards/"' in page
    assert '<a href="/?cards=1">显示待办</a>' in page
    parts = client.get("/home/cards/").content.decode()
    assert "<html" not in parts
    assert parts.strip() in client.get("/?cards=1").content.decode()


@pytest.mark.usefixtures("county")
def test_the_parts_are_for_who_is_signed_in() -> None:
    assert Client().get("/home/cards/").status_code == 302
