"""Forbidden kinds are found in both languages and in names of fields, and harmless words are left alone."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.privacy.forbidden import forbidden_in, forbidden_kinds


def kinds(text: str) -> list[str]:
    return sorted({match.kind for match in forbidden_in(text)})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("宗教信仰", "religion"),
        ("religion", "religion"),
        ("Religious belief", "religion"),
        ("民族", "ethnicity"),
        ("ethnic_group", "ethnicity"),
        ("personRace", "ethnicity"),
        ("minzu", "ethnicity"),
        ("政治面貌", "politics"),
        ("political_status", "politics"),
        ("籍贯", "origin"),
        ("native_place", "origin"),
        ("origin", "origin"),
        ("指纹采集", "biometrics"),
        ("DNA", "biometrics"),
        ("fingerprints", "biometrics"),
        ("iris_scan", "biometrics"),
        ("人脸照片", "face_image"),
        ("faceImage", "face_image"),
        ("FACES", "face_image"),
        ("重点人员", "key_persons"),
        ("key_persons", "key_persons"),
        ("有无前科", "key_persons"),
        ("former prisoners", "key_persons"),
        ("流动人口台账", "key_persons"),
        ("线人", "informants"),
        ("informant_id", "informants"),
        ("车牌号", "licence_plate"),
        ("licensePlate", "licence_plate"),
        ("plate_no", "licence_plate"),
        ("行踪", "tracking"),
        ("phone_imei", "tracking"),
        ("个人积分", "person_score"),
        ("creditScore", "person_score"),
        ("身份证号码", "identity_number"),
        ("IDCard", "identity_number"),
        ("id_number", "identity_number"),
        ("shenfenzheng", "identity_number"),
        ("上访户", "petitioners"),
    ],
)
def test_a_forbidden_kind_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "民族路 12 号",
        "民族团结社区",
        "宗教活动场所",
        "trace",
        "interface",
        "surface_area",
        "original",
        "HTTP Origin header",
        "CSRF_TRUSTED_ORIGINS",
        "race condition",
        "template",
        "door_plate",
        "face-to-face",
        "embrace",
        "policy",
        "party",
        "key_place",
        "person_days",
        "risk_level",
        "case_id",
        "score",
        "当事人姓名",
        "联系电话",
        "走访记录",
        "指纹锁",
        "门牌号",
    ],
)
def test_a_harmless_word_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_a_harmless_compound_does_not_hide_what_stands_beside_it() -> None:
    assert kinds("民族路住户的民族") == ["ethnicity"]
    assert kinds("race condition or race") == ["ethnicity"]
    assert kinds("宗教活动场所教徒") == ["religion"]


def test_full_width_letters_are_read_as_letters() -> None:
    assert kinds("ＤＮＡ") == ["biometrics"]


def test_a_match_says_which_clause_and_why_in_both_languages() -> None:
    (match,) = forbidden_in("车牌")
    assert (match.kind, match.clause, match.word) == ("licence_plate", "D4", "车牌")
    assert match.why.zh
    assert match.why.en


def test_each_kind_has_words_in_both_languages_and_a_clause_of_d1_to_d5() -> None:
    listed = forbidden_kinds()
    assert {kind.clause for kind in listed} == {"D1", "D2", "D3", "D4", "D5"}
    for kind in listed:
        assert kind.zh
        assert kind.en
        for word in (*kind.zh, *kind.en):
            assert kind.id in kinds(word), word


LISTED = [(kind.id, word) for kind in forbidden_kinds() for word in kind.en]


@given(
    st.sampled_from(LISTED),
    st.sampled_from(["has_{}", "{}_of_resident", "{}_text", "the {}, please"]),
    st.booleans(),
)
def test_a_listed_word_is_found_in_any_spelling_of_an_identifier(
    listed: tuple[str, str], frame: str, camel: bool
) -> None:
    kind, word = listed
    snake = frame.format(word.replace(" ", "_"))
    # "minority of" speaks of a vote.
    if word != "minority":
        spelt = re.sub(r"_(\w)", lambda m: m[1].upper(), snake) if camel else snake
        assert kind in kinds(spelt)


@given(st.text(), st.text(), st.sampled_from([w for k in forbidden_kinds() for w in k.zh if w != "DNA"]))
def test_more_text_around_a_chinese_word_does_not_hide_it_unless_it_makes_a_harmless_compound(
    before: str, after: str, word: str
) -> None:
    assert any(match.word in word or word in match.word for match in forbidden_in(f"{before} {word} {after}"))


def test_a_long_text_is_read_quickly() -> None:
    began = time.perf_counter()
    forbidden_in("走访记录和邻里纠纷 the surface of a case " * 2000)
    assert time.perf_counter() - began < 1
