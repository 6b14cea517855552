"""An outage is said on a page of its own, in both languages, wherever it is met."""

import errno
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from linli.web.foundation.screens.outages import outage_of

PLACES = {
    "in the view": "linli.web.foundation.screens.views.case_page",
    "before the view": "linli.web.foundation.accounts.middleware.actor_of",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("language", "expected"), [("zh-hans", "没有保存；请稍候再试"), ("en", "so nothing was saved; try again")]
)
def test_a_lost_database_is_said(signed_in, place: str, language: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    browser: Client = signed_in("minjing", language)
    browser.raise_request_exception = False
    with mock.patch(PLACES[place], side_effect=OperationalError("server closed the connection")):
        answer = browser.get("/")
    assert answer.status_code == 503
    assert expected in answer.content.decode()
    assert answer["Retry-After"] == "10"


def test_the_api_says_it_in_its_own_shape(signed_in) -> None:  # type: ignore[no-untyped-def]
    browser: Client = signed_in("minjing", "en")
    browser.raise_request_exception = False
    broken = PLACES["before the view"]
    with mock.patch(broken, side_effect=OperationalError("server closed the connection")):
        answer = browser.get("/api/v1/cases")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def test_a_mistake_of_ours_is_no_outage(signed_in) -> None:  # type: ignore[no-untyped-def]
    browser: Client = signed_in("minjing")
    browser.raise_request_exception = False
    with mock.patch(PLACES["in the view"], side_effect=ZeroDivisionError):
        assert browser.get("/").status_code == 500


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OperationalError("database or disk is full"),
        OperationalError('could not extend file "base/1": No space left on device'),
    ],
)
def test_a_full_disk_is_told_apart(error: Exception) -> None:
    text = outage_of(error)
    assert text is not None
    assert "磁盘已满" in text.zh


@pytest.mark.parametrize("error", [None, ValueError(), OSError(errno.ENOENT, "No such file")])
def test_other_errors_are_no_outages(error: Exception | None) -> None:
    assert outage_of(error) is None
