"""Registers and people are found by words however they are typed, and rows of before are brought to it."""

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.directory import Wanted, people_page
from linli.web.foundation.accounts.models import User
from linli.web.foundation.audit.selectors import Wanted as WantedEntries
from linli.web.foundation.findable import holding
from linli.web.ops.equipment.models import Device
from linli.web.ops.premises.models import Premises

pytestmark = pytest.mark.django_db
ADDRESS = "泇河社区居民委员会团结街159号"
TYPED = ["团结街１５９", "泇河团结街一百五十九号", "泇河居委会", "吉祥", "𠮷祥旅馆", "ＪＸ 01", "jx-01"]


@pytest.fixture
def rows(stage: Stage, now) -> tuple[Premises, Device]:
    """A hotel and a camera at one address."""
    premises = Premises(code="JX-01", kind="hotel", name="𠮷祥旅馆", address=ADDRESS, registered_at=now)
    device = Device(code="JX-01", kind="video", name="吉祥路口", address=ADDRESS, organisation=stage.station)
    premises.save()
    device.save()
    return premises, device


# Mend 7
@pytest.mark.parametrize("typed", TYPED)
def test_premises_are_found_however_their_name_address_or_code_is_typed(rows: Any, typed: str) -> None:
    assert Premises.objects.filter(holding(typed)).get() == rows[0]


# Mend 7
@pytest.mark.parametrize("typed", ["团结街１５９", "泇河团结街", "ｊｘ－01", "吉祥路"])
def test_a_device_is_found_so_too(rows: Any, typed: str) -> None:
    assert Device.objects.filter(holding(typed)).get() == rows[1]


# Mend 7
def test_other_words_find_nothing_and_no_words_everything(rows: Any) -> None:
    for typed in ("和平路", "团结街160", "%", "，"):
        assert not Premises.objects.filter(holding(typed)).exists()
    assert Premises.objects.filter(holding("  ")).exists()


# Mend 7
def test_a_text_that_is_changed_is_found_anew_whatever_else_is_saved(rows: Any) -> None:
    device = rows[1]
    device.name = "和平桥头"
    device.save(update_fields=["name"])
    assert Device.objects.filter(holding("和平桥")).exists()
    assert not Device.objects.filter(holding("吉祥")).exists()


# Mend 7
@pytest.mark.parametrize(
    ("app", "migration", "model"),
    [("premises", "0003_found_by_filled", Premises), ("equipment", "0004_found_by_filled", Device)],
)
def test_rows_of_before_are_brought_to_the_form(rows: Any, app: str, migration: str, model: Any) -> None:
    model.objects.update(found_by="")
    assert not model.objects.filter(holding("泇河团结街159")).exists()
    (operation,) = importlib.import_module(f"linli.web.ops.{app}.migrations.{migration}").Migration.operations
    editor = SimpleNamespace(connection=SimpleNamespace(alias="default"), collect_sql=False)
    operation.database_forwards(app, editor, SimpleNamespace(apps=apps), None)
    assert model.objects.filter(holding("泇河团结街159")).exists()


# Mend 7
def test_people_are_found_by_names_however_typed(
    cast: dict[str, User], actor: Callable[[str], Actor], now
) -> None:
    for typed in ("民警 王", "民警　王", "民警王", "ＭＩＮＪＩＮＧ", "MinJing"):
        page = people_page(actor("guanli"), Wanted(words=typed), at=now)
        assert "minjing" in {one.username for one in page.users}, typed
        condition = WantedEntries(person=typed).condition()
        assert cast["minjing"].pk in dict(condition.children)["actor_id__in"], typed
    assert not people_page(actor("guanli"), Wanted(words="%"), at=now).users
