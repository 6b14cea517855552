"""Cases are found by addresses as people say them and by numbers however they are typed."""

import importlib
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.searching import grams, matching, search_text
from linli.web.foundation.casework.selectors import case_for, search_cases

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
ADDRESS = "泇河社区居民委员会团结街159号"


@pytest.fixture
def case(stage: Stage, now) -> Case:
    """A street lamp at an address as the register writes it."""
    given = {"kind": "request", "category": "streetlight", "title": "边界路灯不亮 LED"}
    return perform(OpenCase(place=stage.place.code, address=ADDRESS, **given), SYSTEM, now)


# Mend 7
@pytest.mark.parametrize(
    "typed",
    [
        ADDRESS,
        "泇河社区团结街159号",
        "泇河团结街１５９",
        "泇河居委会團結街",
        "社区团结街",
        "团结街 一百五十九号",
        "路灯 ｌｅｄ",
        "灯",
    ],
)
def test_a_case_is_found_by_its_address_as_it_is_said(case: Case, typed: str) -> None:
    assert matching(Case.objects.all(), typed).get() == case


# Mend 7
@pytest.mark.parametrize("typed", ["泇河团结街15", "代村团结街159", "和平路", "，"])
def test_another_address_is_not_found(case: Case, typed: str) -> None:
    assert not matching(Case.objects.all(), typed).exists()


# Mend 7
def test_cases_of_before_are_brought_to_the_form_and_shredded_ones_stay_without_words(case: Case) -> None:
    old = "泇河 河社 社区 区居 居民 民委 委员 员会 会团 团结 结街 159"
    Case.objects.filter(pk=case.pk).update(search=old)
    assert not matching(Case.objects.all(), "泇河团结街159").exists()
    (operation,) = importlib.import_module(
        "linli.web.foundation.casework.migrations.0013_spoken_words"
    ).Migration.operations
    editor = SimpleNamespace(connection=SimpleNamespace(alias="default"), collect_sql=False)
    for _ in range(2):
        operation.database_forwards("casework", editor, SimpleNamespace(apps=apps), None)
        assert matching(Case.objects.all(), "泇河团结街159").get() == case
    Case.objects.filter(pk=case.pk).update(search="")
    operation.database_forwards("casework", editor, SimpleNamespace(apps=apps), None)
    assert Case.objects.get(pk=case.pk).search == ""


def typed_forms(number: str) -> list[str]:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    return [
        number.lower(),
        wide,
        wide.lower(),
        number.replace("-", " "),
        number.replace("-", "—"),
        f" {number} ",
    ]


# Mend 7
def test_a_number_leads_to_its_case_however_it_is_typed(
    case: Case, signed_in: SignIn, actor: Callable[[str], Actor], cast: dict[str, User], now
) -> None:
    client = signed_in("suozhang")
    for typed in typed_forms(case.number or ""):
        assert case_for(actor("suozhang"), typed, at=now) == case
        assert search_cases(actor("suozhang"), typed, at=now) == [case]
        assert client.get("/search/", {"q": typed}).headers["Location"] == f"/cases/{case.number}/"


# Mend 7
def test_numbers_of_others_are_answered_as_ones_that_are_not_there_however_they_are_typed(
    case: Case, signed_in: SignIn, actor: Callable[[str], Actor], cast: dict[str, User], now
) -> None:
    """A typed form is no way to learn that a case exists, and nothing of what was typed is kept."""
    number = case.number or ""
    exact = signed_in("linsuo").get(f"/cases/{number}/")
    for typed in typed_forms(number):
        assert signed_in("linsuo").get(f"/cases/{typed.strip()}/").status_code == exact.status_code
        there = signed_in("guanli").get(f"/cases/{typed.strip()}/")
        none = signed_in("guanli").get(f"/cases/{typed.strip()[:8]}-99999/")
        assert there.status_code == none.status_code == 404
        with pytest.raises(Missing):
            case_for(actor("linsuo"), typed, at=now)
    kept = {entry.detail.get("number", number) for entry in Entry.objects.filter(subject_kind="case")}
    assert kept == {number}
    pages = Entry.objects.filter(subject_kind="page").values_list("subject_id", flat=True)
    assert all(one == "" or one.startswith(number[:8]) for one in pages)


# Mend 7
def test_what_is_stored_holds_every_piece_of_what_may_be_typed() -> None:
    stored = set(search_text("", "", ADDRESS).split())
    for typed in (ADDRESS, "泇河社区团结街159号", "泇河团结街159"):
        assert set(grams(typed)) <= stored
