"""Whether something exists is told to nobody who may not see it: one answer, whatever is sent."""

import datetime as dt
import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.test import Client

import linli.web
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit import refusing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.tokens import MakeToken
from linli.web.foundation.places.models import Deployment
from web.security.addresses import Address, addresses
from web.security.rows import PK, rows_of_every_model
from web.security.test_addresses import _ask, _public, _quiet
from web.security.walking import modules
from where import on_any

NOWHERE = 777_777
SEEN_BY_ALL = frozenset({"survey_form_file"})
"""Questionnaires are the county's; the walk asks for one as a file that there is not."""
ALIKE = (302, 400, 401, 405, 409)
"""What is answered before anybody asks what it is about; that it is the same for both is looked at anyway."""
_VARYING = re.compile(
    r'name="(csrfmiddlewaretoken|submission)" value="[^"]*"|nonce="[^"]*"|CSRFToken": "[^"]*"|[0-9a-f]{32}'
)


@pytest.fixture
def things(stage, cast, now, monkeypatch) -> Case:
    """Everything there is, once, in the other station's area and belonging to somebody there."""
    # Each refused try is written, however often and however many.
    monkeypatch.setattr(refusing, "WITHIN", dt.timedelta(0))
    refused = rows_of_every_model(stage, cast["linsuozhang"], now)
    assert not refused, "\n".join(map(str, refused.items()))
    person = User.objects.create_user("bierende", None, display_name="别所的人", pk=PK)
    Deployment.objects.bulk_create([_copy(Deployment.objects.get())])
    Grant.objects.create(user=person, role="officer", organisation=stage.other_post, starts=now.date())
    return Case.objects.get(pk=PK)


def _copy(version: Deployment) -> Deployment:
    version.pk, version.status, version.digest = PK, "proposed", "proposed"
    return version


def _with_a_number(one: Address) -> bool:
    return _there(one) != _nowhere(one) and not _public(one)


def _there(one: Address) -> str:
    return one.path(number=f"SQ260310-{PK}", pk=PK, code=f"P{PK}")


def _nowhere(one: Address) -> str:
    return one.path(number=f"SQ260310-{NOWHERE}", pk=NOWHERE, code=f"P{NOWHERE}")


def _refused() -> int:
    return Entry.objects.filter(action="refused").count()


def _plain(answer: Any, *names: str) -> str:
    text = _VARYING.sub("", answer.shown)
    for name in names:
        text = text.replace(name, "N")
    return text


def _shown(client: Client, one: Address) -> bool:
    """Whether the asker sees the thing anyway, by its own page: surveys and publications are the county's."""
    if one.name in SEEN_BY_ALL:
        return True
    start = Address(one.name, re.split(r"(?<=>/)", one.route)[0], one.module)
    if "<" not in start.route or "<int:" not in start.route:
        return False
    return _ask(client, "get", start.path(number="", pk=PK)).status_code not in (302, 403, 404, 405)


def _fields() -> list[str]:
    """Every name that a form has, or that a page takes out of what is sent."""
    for name in modules():
        importlib.import_module(name)
    waiting, names = [forms.BaseForm], set[str]()
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        names |= set(getattr(one, "base_fields", {}))
    read = re.compile(r"""(?:POST|FILES)\.get(?:list)?\(\s*"(\w+)\"""")
    for path in Path(linli.web.__path__[0]).rglob("*.py"):
        names |= set(read.findall(path.read_text(encoding="utf-8")))
    assert len(names) > 80
    return sorted(names - {"submission", "csrfmiddlewaretoken"})


def _differing(
    client: Client,
    methods: tuple[str, ...],
    left_out: frozenset[str],
    *,
    begins: str = "",
    sent: Mapping[str, str] | None = None,
) -> list[str]:
    """What tells that the thing is there, and the refused tries that are no entry of the log."""
    wrong, tried = [], 0
    for one in addresses():
        if not _with_a_number(one) or one.name in left_out or not one.route.startswith(begins):
            continue
        tried += 1
        for method in methods:
            before = _refused()
            first, after = _ask(client, method, _there(one), sent), _refused()
            second, last = _ask(client, method, _nowhere(one), sent), _refused()
            same = _plain(first, str(PK)) == _plain(second, str(NOWHERE))
            if not same and first.status_code == second.status_code:
                # The first of two pages has the messages of a form sent before.
                same = _plain(_ask(client, method, _there(one), sent), str(PK)) == _plain(
                    second, str(NOWHERE)
                )
            answers = f"{method} {one.route} ({one.name}): {first.status_code} {second.status_code}"
            if (first.status_code != second.status_code or not same) and not _shown(client, one):
                wrong.append(answers)
            if first.status_code not in ALIKE and before == after and not _shown(client, one):
                wrong.append(f"{answers}, and the log has no entry")
            if second.status_code == 404 and last != after:
                wrong.append(f"{answers}, and the log has an entry of what is not there")
    assert tried > (4 if begins else 60)
    return wrong


# Guard 4
@pytest.mark.parametrize("username", ["fujing", *on_any("wangge", "jumin", "danwei", "fating")])
def test_what_exists_and_what_does_not_are_answered_alike(username, things, signed_in) -> None:
    client = _quiet(signed_in(username))
    wrong = _differing(client, ("get", "post"), frozenset())
    assert not wrong, "\n".join(wrong)


# Guard 4
def test_who_may_break_the_glass_is_told_on_the_cases_own_page_alone(things, signed_in) -> None:
    client = _quiet(signed_in("minjing"))
    wrong = _differing(client, ("get", "post"), frozenset({"case"}))
    assert not wrong, "\n".join(wrong)


# Guard 4
@pytest.mark.any_database
@pytest.mark.parametrize("value", ["x", "1", "2026-03-11"])
@pytest.mark.parametrize("username", ["fujing", "minjing"])
def test_whatever_is_typed_into_a_form_tells_nothing_of_what_exists(
    username, value, things, signed_in
) -> None:
    client = _quiet(signed_in(username))
    # A reason of ten characters breaks the glass; the try is no secret then.
    sent = {**dict.fromkeys(_fields(), value), "reason": value[:9]}
    wrong = _differing(client, ("post",), frozenset({"case"}), sent=sent)
    assert not wrong, "\n".join(wrong)


# Guard 4
def test_each_try_at_the_glass_without_a_reason_is_an_entry_and_says_nothing(
    things, signed_in, stage, actor, now
) -> None:
    for username in ("minjing", "suozhang"):
        client = _quiet(signed_in(username))
        before = _refused()
        for reason in ("", "x", "  \n ", "         x"):
            answers = [
                client.post(f"/cases/SQ260310-{number}/emergency/", {"reason": reason})
                for number in (PK, NOWHERE)
            ]
            assert [one.status_code for one in answers] == [422, 422]
            pages = [_VARYING.sub("", one.content.decode()) for one in answers]
            assert pages[0].replace(str(PK), "N") == pages[1].replace(str(NOWHERE), "N")
        assert _refused() == before + 4
    own = perform(
        OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code),
        actor("minjing"),
        now,
    )
    before = _refused()
    assert signed_in("minjing").post(f"/cases/{own.number}/emergency/", {"reason": ""}).status_code == 422
    assert _refused() == before


# Guard 4
@pytest.mark.parametrize("username", ["fujing", "jumin", "fating", "minjing"])
def test_the_interface_for_programs_answers_alike(username, things, actor) -> None:
    _, token = perform(MakeToken(title="试验", days=30, may_write=True), actor(username), clock.now())
    client = _quiet(Client(headers={"authorization": f"Bearer {token}"}))
    assert client.get("/api/v1/me").status_code == 200
    wrong = _differing(client, ("get", "post"), frozenset(), begins="api/")
    assert not wrong, "\n".join(wrong)
