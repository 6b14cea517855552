"""Standard addresses are found by what people say of them, and nothing is taken for another."""

import importlib
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.models import User
from linli.web.foundation.places.addresses import (
    address_pieces,
    best_of,
    keep_addresses,
    likely_addresses,
    put_pieces_right,
)
from linli.web.foundation.places.locating import current_map
from linli.web.foundation.places.models import Address, AddressGram

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]

STREET = "泇河社区居民委员会团结街{number}号"


@pytest.fixture
def register(stage: Stage) -> list[Address]:
    """Four houses of a street, and one of another community's street of that name."""
    texts = [*(STREET.format(number=n) for n in (1, 15, 159, 160)), "代村村民委员会团结街159号商铺"]
    rows = [
        Address(
            code=f"S{n}",
            text=text,
            place_code=stage.place.code,
            longitude=stage.place.longitude,
            latitude=stage.place.latitude,
        )
        for n, text in enumerate(texts)
    ]
    keep_addresses(rows)
    return list(Address.objects.order_by("code"))


def found(typed: str) -> list[str]:
    return [one.code for one in likely_addresses(typed, most=10)]


def meant(typed: str) -> str | None:
    best = best_of(likely_addresses(typed, most=10), typed)
    return None if best is None else best.code


# Mend 7
@pytest.mark.parametrize(
    "typed",
    [
        "泇河社区居民委员会团结街159号",
        "泇河社区团结街159号",
        "泇河团结街159",
        "泇河居委会团结街１５９号",
        "泇河 团结街 一百五十九号",
        "泇河社区團結街159號",
    ],
)
def test_an_address_as_spoken_is_the_address_of_the_register(register: list[Address], typed: str) -> None:
    assert meant(typed) == "S2"
    assert found(typed)[0] == "S2"


# Mend 7
def test_the_county_and_the_township_may_be_said_before_it(register: list[Address], stage: Stage) -> None:
    places = current_map()
    assert places is not None
    township = places.stations[stage.place.station_code].name
    for before in (places.named("zh"), township, places.named("zh") + township):
        assert meant(f"{before}泇河团结街159号") == "S2"


# Mend 7
def test_a_figure_that_goes_on_is_another_figure(register: list[Address]) -> None:
    assert meant("泇河团结街15号") == "S1"
    assert meant("泇河团结街16号") is None
    assert meant("团结街159号商铺") == "S4"
    assert meant("泇河团结街") is None
    assert len(found("泇河团结街")) == 4


# Mend 7
def test_a_street_of_two_communities_is_asked_about(register: list[Address]) -> None:
    assert meant("团结街159号") is None
    assert set(found("团结街159号")) == {"S2", "S4"}


# Mend 7
def test_both_searches_on_screen_know_the_spoken_form(
    register: list[Address], signed_in: SignIn, cast: dict[str, User]
) -> None:
    client = signed_in("suozhang")
    answer = client.post("/places/addresses.json", {"q": "泇河团结街１５９"}).json()
    assert next(one["id"] for one in answer) == "S2"
    page = client.get("/places/addresses/", {"q": "泇河社区团结街一百五十九号"}).content.decode()
    assert STREET.format(number=159) in page
    assert "代村" not in page
    assert client.post("/places/addresses.json", {"q": "，。"}).json() == []


# Mend 7
def test_what_was_kept_before_is_brought_to_the_form_and_the_rest_is_left(register: list[Address]) -> None:
    kept = set(AddressGram.objects.values_list("pk", flat=True))
    old = {(one.code, f"{one.text[i : i + 2]}") for one in register for i in range(len(one.text) - 1)}
    AddressGram.objects.filter(address=register[2]).delete()
    AddressGram.objects.bulk_create(
        AddressGram(address=register[2], gram=gram) for gram in {g for code, g in old if code == "S2"}
    )
    assert meant("泇河团结街159") is None
    migration = importlib.import_module("linli.web.foundation.places.migrations.0002_spoken_addresses")
    (operation,) = migration.Migration.operations
    operation.batch = 2
    editor = SimpleNamespace(connection=SimpleNamespace(alias="default"), collect_sql=False)
    for _ in range(2):
        operation.database_forwards("places", editor, SimpleNamespace(apps=apps), None)
        assert meant("泇河团结街159") == "S2"
    pieces = set(AddressGram.objects.filter(address=register[2]).values_list("gram", flat=True))
    assert pieces == set(address_pieces(register[2].text))
    # What was right is not written again: an index of many millions is not rewritten for nothing.
    others = set(AddressGram.objects.exclude(address=register[2]).values_list("pk", flat=True))
    assert others <= kept
    put_pieces_right(apps, [])
