"""Formulas in words: no page shows the small language or a code."""

import re

import pytest

from linli.assessment.facts.schema import fact_tables
from linli.assessment.indicators import pack_indicators
from linli.assessment.indicators.formulas import formula_words
from linli.assessment.indicators.language.parsing import parse
from linli.assessment.indicators.language.words import words
from linli.policy.loading import load_pack, pack_folders, shipped_packs

pytestmark = pytest.mark.any_database


# Mend 20
@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("feedback == 'satisfied'", "满意度 = 满意", "feedback = satisfied"),
        ("late is null", "超期不详", "late is not known"),
        ("reopened + 1 >= 2", "重新办理次数 + 1 ≥ 2", "times reopened + 1 ≥ 2"),
        (
            "case_type in ['incident', 'request'] and not late",
            "类型为警情、群众诉求之一 且 不是（超期）",
            None,
        ),
        ("1 if late else 0", "若超期则取1，否则取0", None),
        ("days(opened_at, closed_at) <= 7", "相隔天数（受理时间、办结时间） ≤ 7", None),
    ],
)
def test_a_text_of_the_language_is_said_in_words(text: str, chinese: str, english: str | None) -> None:
    found = words(parse(text), fact_tables()["cases"])
    assert found.zh == chinese
    assert english is None or found.en == english


# Mend 20
@pytest.mark.parametrize("folder", pack_folders(shipped_packs()), ids=lambda folder: folder.name)
def test_no_formula_of_a_pack_holds_a_column_or_a_sign_of_code(folder) -> None:
    columns = {name for table in fact_tables().values() for name in table.columns if "_" in name}
    for definition in pack_indicators(folder, load_pack(folder)):
        told = formula_words(definition)
        assert not re.search(r"==|!=|'| is null| and | or ", told.zh), told.zh
        assert not any(re.search(rf"\b{name}\b", told.zh) for name in columns), told.zh
