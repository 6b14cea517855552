"""Whether something exists is told to nobody who may not see it: one answer, whatever is sent."""

import re
from typing import Any

import pytest
from django.test import Client

from linli.web.foundation import clock
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.tokens import MakeToken
from web.security.addresses import Address, addresses
from web.security.rows import PK, rows_of_every_model
from web.security.test_addresses import _ask, _public, _quiet

NOWHERE = 777_777
_VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="submission" value="[^"]*"|[0-9a-f]{32}'
)


@pytest.fixture
def things(stage, cast, now) -> Case:
    """Everything there is, once, in the other station's area and belonging to somebody there."""
    refused = rows_of_every_model(stage, cast["linsuozhang"], now)
    assert not refused, "\n".join(map(str, refused.items()))
    return Case.objects.get(pk=PK)


def _with_a_number(one: Address) -> bool:
    return one.path(number="A", pk=1) != one.path(number="B", pk=2) and not _public(one)


def _plain(answer: Any, *names: str) -> str:
    text = _VARYING.sub("", answer.shown)
    for name in names:
        text = text.replace(name, "N")
    return text


def _shown(client: Client, one: Address) -> bool:
    """Whether the asker sees the thing anyway, by its own page: surveys and publications are the county's."""
    start = Address(one.name, re.split(r"(?<=>/)", one.route)[0], one.module)
    if "<" not in start.route or "<int:" not in start.route:
        return False
    return _ask(client, "get", start.path(number="", pk=PK)).status_code not in (302, 403, 404, 405)


def _differing(
    client: Client, methods: tuple[str, ...], left_out: frozenset[str], *, begins: str = ""
) -> list[str]:
    wrong, tried = [], 0
    there, nowhere = f"SQ260310-{PK}", f"SQ260310-{NOWHERE}"
    for one in addresses():
        if not _with_a_number(one) or one.name in left_out or not one.route.startswith(begins):
            continue
        tried += 1
        for method in methods:
            first = _ask(client, method, one.path(number=there, pk=PK))
            second = _ask(client, method, one.path(number=nowhere, pk=NOWHERE))
            same = _plain(first, there, str(PK)) == _plain(second, nowhere, str(NOWHERE))
            if (first.status_code != second.status_code or not same) and not _shown(client, one):
                wrong.append(f"{method} {one.route} ({one.name}): {first.status_code} {second.status_code}")
    assert tried > (4 if begins else 60)
    return wrong


# Guard 4
@pytest.mark.parametrize("username", ["fujing", "wangge", "jumin", "danwei", "fating"])
def test_what_exists_and_what_does_not_are_answered_alike(username, things, signed_in) -> None:
    client = _quiet(signed_in(username))
    wrong = _differing(client, ("get", "post"), frozenset())
    assert not wrong, "\n".join(wrong)


# Guard 4
def test_who_may_break_the_glass_is_told_on_the_cases_own_page_alone(things, signed_in) -> None:
    client = _quiet(signed_in("minjing"))
    wrong = _differing(client, ("get", "post"), frozenset({"case", "case_emergency"}))
    assert not wrong, "\n".join(wrong)


# Guard 4
@pytest.mark.parametrize("username", ["fujing", "jumin", "fating", "minjing"])
def test_the_interface_for_programs_answers_alike(username, things, actor) -> None:
    _, token = perform(MakeToken(title="试验", days=30, may_write=True), actor(username), clock.now())
    client = _quiet(Client(headers={"authorization": f"Bearer {token}"}))
    assert client.get("/api/v1/me").status_code == 200
    wrong = _differing(client, ("get", "post"), frozenset(), begins="api/")
    assert not wrong, "\n".join(wrong)
