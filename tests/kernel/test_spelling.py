"""One normal form of what is said and written: addresses, words, codes, numbers of cases, telephones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.initials import begins_with, letters_of
from linli.kernel.spelling import case_number, code, plain_words, spoken, telephone, written

SAME = [
    "泇河社区居民委员会团结街159号",
    "泇河社区居委会团结街159号",
    "泇河社区团结街159号",
    "泇河团结街159号",
    "泇河团结街159",
    "泇河居委会团结街１５９号",
    " 泇河 社区　团结街，159 号",
    "泇河社区团结街一百五十九号",
    "泇河社区團結街一五九號",
    "泇河\u200b社区团结街159号",
]


# Mend 7
@pytest.mark.parametrize("said", SAME)
def test_an_address_is_one_however_it_is_said(said: str) -> None:
    assert spoken(said) == "泇河团结街159"


# Mend 7
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("后姚村委会文化巷3号", "后姚村文化巷三号"),
        ("后姚村民委员会文化巷3号", "后姚文化巷3"),
        ("代村村民委员会文化巷3号", "代村文化巷3号"),
        ("福城社区村民委员会文化巷3号", "福城文化巷3号"),
        ("𠮷祥路 5 号", "吉祥路5"),
        ("吉祥路５号之１", "吉祥路5-1号"),
        ("吉祥路5－1号", "吉祥路5号之一"),
        ("吉祥路5号1单元", "吉祥路5 号 1 单元"),
        ("Ａ座１２室", "a座12室"),
        ("﨑山路十二号", "崎山路12号"),
    ],
)
def test_pairs_that_people_take_for_one(one: str, other: str) -> None:
    assert spoken(one) == spoken(other)


# Mend 7
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("团结街159号", "团结街15号"),
        ("团结街5号1单元", "团结街51单元"),
        ("五一路3号", "51路3号"),
        ("泇河东村3号", "泇河3号"),
        ("代村路3号", "代路3号"),
        ("团结街15 9号", "团结街159号"),
    ],
)
def test_what_differs_stays_apart(one: str, other: str) -> None:
    assert spoken(one) != spoken(other)


SIGNS = "泇河社区村居民委员会团结街一二十百〇号之栋室號﨑𠮷 　-－—，.（）09１５９aＡzＺ+\u200b"


# Mend 7
@given(st.text(SIGNS, max_size=30))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    for form in (plain_words, code, case_number, telephone):
        assert form(form(text)) == form(text)
    assert spoken(f" {text} ") == spoken(text)


# Mend 7
@given(st.text(max_size=40))
def test_any_text_has_its_forms(text: str) -> None:
    for form in (plain_words, code, case_number, telephone, spoken, written):
        assert isinstance(form(text), str)


# Mend 7
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("i261130-00001", "I261130-00001"),
        ("Ｉ２６１１３０－００００１", "I261130-00001"),
        ("I261130—00001", "I261130-00001"),
        (" i261130 00001 ", "I261130-00001"),
        ("i26113000001", "I261130-00001"),
        ("rq261130-123456", "RQ261130-123456"),
        ("", ""),
    ],
)
def test_a_case_number_is_known_however_it_is_typed(typed: str, number: str) -> None:
    assert case_number(typed) == number


# Mend 7
@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "13800138000"),
        ("１３８ ００１３ ８０００", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0539-5211110", "0539-5211110"),
        ("（0539）521 1110", "0539-5211110"),
        ("0539—5211110", "0539-5211110"),
        ("＋81 3 1234 5678", "+81312345678"),
        ("13800138000（张）", "13800138000-张"),
    ],
)
def test_a_telephone_is_one_however_it_is_typed(typed: str, number: str) -> None:
    assert telephone(typed) == number


# Mend 7
def test_names_are_told_by_the_letters_that_they_are_typed_by() -> None:
    assert begins_with("泇河社区", "jh")
    assert begins_with("泇河社区", "JHSQ")
    assert begins_with("重坊村", "cf")
    assert begins_with("重坊村", "zf")
    assert begins_with("西埝头社区", "nt", anywhere=True)
    assert not begins_with("泇河社区", "hs")
    assert not begins_with("泇河", "jhsq")
    assert letters_of("A座") == ("a", letters_of("座")[0])
    assert begins_with("", "")
    assert not begins_with("", "a")
