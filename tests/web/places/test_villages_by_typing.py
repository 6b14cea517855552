"""A village is chosen by two characters or first letters, with scripts or none; never from a long list."""

import re
from collections.abc import Callable

import pytest
from django import forms
from django.test import Client

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.models import User
from linli.web.foundation.places.fields import MOST_SHOWN, VillageField, own_first, suggestions
from linli.web.foundation.places.locating import map_of
from linli.web.foundation.places.models import Deployment
from linli.web.foundation.places.villages import Village, fitting, named_so, the_only_one, villages

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]

HERE = (
    Village("01", "泇河社区居民委员会", "卞庄街道", "S1"),
    Village("02", "泇河东村村民委员会", "卞庄街道", "S1"),
    Village("03", "官庄村村民委员会", "南桥镇", "S2"),
    Village("04", "官庄社区居民委员会", "神山镇", "S3"),
    Village("05", "前官庄村委会", "神山镇", "S3"),
    Village("06", "重坊村委会", "神山镇", "S3"),
)


def labels(typed: str, own: tuple[str, ...] = ()) -> list[str]:
    return [one.label for one in fitting(typed, HERE, own=own)]


# Mend 7
@pytest.mark.parametrize(
    "typed",
    [
        "泇河",
        "泇河社区",
        "泇河居委会",
        "泇河社区居民委员会",
        "泇河社区（卞庄街道）",
        "01",
        "卞庄泇河",
        "泇河(卞庄街道)",
        "jhsq",
    ],
)
def test_a_village_is_known_by_its_name_as_it_is_said(typed: str) -> None:
    found = the_only_one(typed, HERE)
    assert found is not None
    assert found.code == "01"


# Mend 7
def test_two_characters_or_first_letters_show_what_fits_with_the_township_beside_it() -> None:
    assert labels("官庄") == ["官庄村（南桥镇）", "官庄社区（神山镇）", "前官庄村（神山镇）"]
    assert labels("gz") == ["官庄村（南桥镇）", "官庄社区（神山镇）", "前官庄村（神山镇）"]
    assert labels("zf") == labels("cf") == ["重坊村（神山镇）"]
    assert labels("神山") == ["官庄社区（神山镇）", "前官庄村（神山镇）", "重坊村（神山镇）"]
    assert labels("") == labels("不存在") == labels("%") == []


# Mend 7
def test_those_of_ones_own_station_come_first() -> None:
    assert labels("官庄", own=("S3",)) == ["官庄社区（神山镇）", "官庄村（南桥镇）", "前官庄村（神山镇）"]
    assert labels("g", own=("S3",))[0] == "官庄社区（神山镇）"


class _Form(forms.Form):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["place"] = VillageField(among=lambda: HERE, label="村")


# Mend 7
def test_without_scripts_the_server_reads_what_was_typed_and_asks_where_several_fit() -> None:
    one = _Form({"place": "泇河"})
    assert one.is_valid()
    assert one.cleaned_data["place"] == "01"
    several = _Form({"place": "官庄"})
    own_first(several, {"S3"})
    assert not several.is_valid()
    asked = str(several["place"])
    assert re.findall(r'type="radio"[^>]* value="(\d+)"', asked) == ["04", "03", "05"]
    assert "有 3 个村（社区）符合" in str(several.errors)
    chosen = _Form({"place": "官庄", "place-chosen": "05"})
    assert chosen.is_valid()
    assert chosen.cleaned_data["place"] == "05"
    # What was chosen before something else was typed is not what is meant.
    other = _Form({"place": "重坊", "place-chosen": "05"})
    assert other.is_valid()
    assert other.cleaned_data["place"] == "06"
    assert not _Form({"place": "河南"}).is_valid()
    assert not _Form({"place": "a\x00"}).is_valid()


# Mend 7
def test_a_code_is_shown_as_the_name_and_script_in_a_name_stays_text() -> None:
    assert 'value="泇河社区（卞庄街道）"' in str(_Form(initial={"place": "01"})["place"])
    assert "<script>" not in str(_Form({"place": '"><script>alert(1)</script>'})["place"])


# Mend 7
def test_what_is_shown_while_one_types_is_short() -> None:
    many = tuple(Village(f"{n:03}", f"王家{n}村", "南桥镇") for n in range(300))
    assert len(suggestions("王家", many)) == MOST_SHOWN
    field = VillageField(among=lambda: many, required=False)
    with pytest.raises(forms.ValidationError, match="300"):
        field.clean("王家")
    assert 'type="radio"' not in field.widget.render("place", "王家")


# Mend 7
def test_staff_and_residents_are_answered_while_they_type(
    signed_in: SignIn, stage: Stage, cast: dict[str, User]
) -> None:
    name = next(one for one in villages() if one.code == stage.place.code).name
    for client, address in (
        (signed_in("minjing"), "/places/villages.json"),
        (Client(headers={"accept-language": "zh-hans"}), "/residents/villages.json"),
    ):
        answer = client.post(address, {"q": name[:2]}).json()
        assert stage.place.code in {one["id"] for one in answer}
        assert set(answer[0]) == {"id", "label"}
        assert client.post(address, {"q": ""}).json() == []
    assert Client().post("/places/villages.json", {"q": name}).status_code == 302


# Mend 7
def test_in_a_list_a_name_stands_for_a_village_only_where_one_is_called_so() -> None:
    assert named_so("泇河居委会", HERE) == HERE[0]
    assert named_so("前官庄", HERE) == HERE[4]
    assert named_so("官庄", HERE) is None
    assert named_so("官庄（南桥镇）", HERE) == HERE[2]
    assert named_so("泇", HERE) is None


FORMS = [
    ("jiejing", "/incidents/intake/"),
    ("minjing", "/requests/open/"),
    ("minjing", "/cases/open/problem_place/"),
    ("minjing", "/disputes/open/"),
    ("minjing", "/premises/new/"),
    ("suozhang", "/equipment/add/"),
    ("minjing", "/meetings/new/"),
    ("guihua", "/surveys/checks/new/"),
]


# Mend 7
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_form_lists_every_village(signed_in: SignIn, stage: Stage, language: str) -> None:
    codes = [one.code for one in villages()]
    for user, address in FORMS:
        page = signed_in(user, language).get(address, follow=True)
        text = page.content.decode()
        assert page.status_code == 200, address
        assert "/places/villages.json" in text, address
        assert sum(f'value="{code}"' in text for code in codes) == 0, address


# Mend 7
def test_maps_are_told_which_beats_are_ones_own(
    signed_in: SignIn, stage: Stage, county: Deployment, cast: dict[str, User]
) -> None:
    current = map_of(county.pk)
    county.outlines = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"id": code, "name": code}, "geometry": None}
            for code in current.beats
        ],
    }
    county.save(update_fields=["outlines"])

    def own(user: str) -> set[str]:
        answer = signed_in(user).get("/places/outlines.geojson").json()
        return {one["properties"]["id"] for one in answer["features"] if one["properties"]["own"]}

    station = stage.place.station_code
    assert own("minjing") == {code for code, one in current.beats.items() if one.station_code == station}
    # Whoever works for the whole county sees the whole county.
    assert own("jiejing") == set()
