"""A call is taken as it is spoken: address, village, telephone, and whether it was reported before."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.places.models import Address, Place
from linli.web.foundation.places.villages import villages
from linli.web.intake.codes import read_code
from linli.web.ops.incidents.models import Unit

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
Opens = Callable[..., Case]


# Mend 7
def test_a_call_with_words_alone_is_held_against_others_of_the_same_words(
    signed_in: SignIn, open_incident: Opens, now: dt.datetime
) -> None:
    nowhere = {"longitude": None, "latitude": None}
    before = open_incident(at=now - dt.timedelta(minutes=20), address="无名巷一十三号", **nowhere)
    other = open_incident(at=now - dt.timedelta(minutes=20), address="无名巷１号", **nowhere)
    given = {"category": "rsdq", "address": "无名巷 １３ 号"}
    page = signed_in("jiejing").post("/incidents/intake/hints/", given).content.decode()
    assert str(before.number) in page
    assert str(other.number) not in page


# Mend 7
@pytest.mark.parametrize("typed", ["１３８ ００００－００００", "+86 138-0000-0000", "１３８０００００００0"])
def test_a_telephone_is_kept_in_one_form(signed_in: SignIn, addresses: list[Address], typed: str) -> None:
    given = {"category": "1", "address": addresses[0].text, "data-caller_phone": typed}
    assert signed_in("jiejing").post("/incidents/intake/", given).status_code == 302
    assert PersonalValue.objects.get(field="caller_phone").value == "13800000000"


# Mend 7
def test_a_village_that_is_none_or_one_of_several_is_asked_about_and_nothing_is_lost(
    signed_in: SignIn, stage
) -> None:
    client = signed_in("jiejing")
    given = {"category": "1", "address": "河边的小路", "title": "门锁被撬"}
    for typed in ("不存在的村", "合成"):
        answer = client.post("/incidents/intake/", {**given, "place": typed})
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.content.decode()
        assert "河边的小路" in answer.content.decode()
    label = next(one.label for one in villages() if one.code == stage.place.code)
    assert client.post("/incidents/intake/", {**given, "place": label}).status_code == 302
    assert Case.objects.get().place_code == stage.place.code


# Mend 7
def test_a_unit_is_put_where_its_people_say_they_are(
    signed_in: SignIn, make_unit: Callable[..., Unit], stage
) -> None:
    unit = make_unit("车 01")
    client = signed_in("jiejing")
    label = next(one.label for one in villages() if one.code == stage.place.code)
    assert client.post(f"/incidents/units/{unit.pk}/place/", {"place": label}).status_code == 302
    unit.refresh_from_db()
    assert unit.place_name == Place.objects.get(pk=stage.place.pk).name
    assert client.post(f"/incidents/units/{unit.pk}/place/", {"place": "不存在"}).status_code == 422


# Mend 7
def test_a_call_sign_is_taken_however_it_is_typed(
    signed_in: SignIn, make_unit: Callable[..., Unit], stage
) -> None:
    make_unit("车a01")
    given = {"organisation": stage.post.code, "kind": "patrol_car", "capacity": "2", "active": "on"}
    answer = signed_in("suozhang").post("/incidents/units/new/", {**given, "call_sign": "车Ａ０１"})
    assert answer.status_code == 422
    assert Unit.objects.count() == 1
    said = answer.content.decode()
    other = signed_in("suozhang").post("/incidents/units/new/", {**given, "call_sign": "车Ａ０２"})
    assert 'id="id_call_sign_error"' in said
    assert other.status_code == 302


# Mend 7
@pytest.mark.any_database
def test_a_tracking_code_is_read_however_it_is_typed() -> None:
    for typed in ("ABCDE FGH23", "abcde-fgh23", "ＡＢＣＤＥ　ｆｇｈ２３", "abcde\u200bfgh23"):
        assert read_code(typed) == "ABCDEFGH23"
    assert read_code("ABCDE FGH2") == ""
