"""The expression language refuses what is outside it and is three-valued inside it."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.units import parse_unit
from linli.policy.expression import (
    MAX_DEPTH,
    MAX_LENGTH,
    Compiled,
    Expression,
    ExpressionRefused,
    compile_expression,
    names_in,
    parse,
    write,
)
from linli.policy.expression.refusal import refuse
from linli.policy.expression.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Logic,
    Name,
    Negative,
    Not,
    Number,
)

NAMES = {
    "people": parse_unit("person"),
    "others": parse_unit("person"),
    "hours": parse_unit("hour"),
    "minutes": parse_unit("min"),
    "flag": None,
    "other_flag": None,
    "share_wanted": parse_unit("%"),
    "norm": parse_unit("person/1000 resident"),
    "residents": parse_unit("resident"),
}
HOSTILE = tomllib.loads((Path(__file__).parent / "hostile.toml").read_text(encoding="utf-8"))["refused"]
NAN = float("nan")


def compiled(text: str) -> Compiled:
    return compile_expression(parse(text), NAMES)


def rule(text: str) -> Compiled:
    """As a check's rule is compiled: it must answer yes or no."""
    built = compiled(text)
    if built.unit is not None:
        raise refuse("expression.truth_wanted", text)
    return built


def answer(text: str, **given: float) -> int:
    return int(rule(text).truths({name: np.asarray(number) for name, number in given.items()}))


def number(text: str, **given: float) -> float:
    return float(compiled(text).numbers({name: np.asarray(value) for name, value in given.items()}))


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: repr(case["text"])[:40])
def test_a_hostile_or_malformed_expression_is_refused_with_a_sentence(case: dict[str, str]) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        rule(case["text"])
    assert refused.value.code == case["code"]
    assert refused.value.expected.zh
    assert refused.value.remedy.en
    assert "{" not in refused.value.expected.en + refused.value.remedy.en


def test_the_hostile_corpus_is_large() -> None:
    assert len(HOSTILE) >= 120


def test_an_expression_is_at_most_four_hundred_characters() -> None:
    at_limit = "flag" + " " * (MAX_LENGTH - 8) + "    "
    assert answer(at_limit, flag=1) == 1
    with pytest.raises(ExpressionRefused) as refused:
        parse(at_limit + " ")
    assert refused.value.code == "policy.expression.too_long"


def test_an_expression_is_nested_at_most_twelve_deep() -> None:
    deep = "not " * (MAX_DEPTH - 1) + "flag"
    assert answer(deep, flag=1) == -1
    with pytest.raises(ExpressionRefused) as refused:
        parse("not " + deep)
    assert refused.value.code == "policy.expression.too_deep"


@pytest.mark.parametrize(
    "text", ["(" * 190 + "flag" + ")" * 190, "-" * 380 + "people > 0", "not " * 90 + "flag"]
)
def test_brackets_without_end_are_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        rule(text) if text[0] != "(" else rule("(" * 198 + text)


@given(st.text(max_size=60))
def test_no_text_whatever_escapes_the_refusal(text: str) -> None:
    try:
        built = compiled(text)
    except ExpressionRefused:
        return
    assert set(built.names) <= set(NAMES)


@given(st.text(alphabet="peoplthrs flag andornotif else()+-*/<>=!.,0123456789", max_size=80))
def test_no_text_in_the_allowed_letters_escapes_either(text: str) -> None:
    try:
        compiled(text)
    except ExpressionRefused:
        return


quantities: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        st.integers(0, 99).map(lambda value: Number(float(value))),
        st.sampled_from(["people", "others"]).map(Name),
        st.builds(Arithmetic, st.sampled_from("+-*/"), quantities, quantities),
        st.builds(Negative, quantities),
        st.builds(lambda a, b: Call("min", (a, b)), quantities, quantities),
        st.builds(Choice, quantities, truths, quantities),
    )
)
truths: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["flag", "other_flag"]).map(Name),
        st.builds(
            lambda sign, a, b: Comparison((sign,), (a, b)),
            st.sampled_from(["<", ">=", "!="]),
            quantities,
            quantities,
        ),
        st.builds(lambda word, a, b: Logic(word, (a, b)), st.sampled_from(["and", "or"]), truths, truths),
        st.builds(Not, truths),
    )
)


def flattened(node: Expression) -> str:
    """`a and (b and c)` reads back as one chain of three, as written."""
    return write(node).replace("(", "").replace(")", "")


@given(truths)
def test_a_written_expression_reads_back_to_the_same_text(tree: Expression) -> None:
    text = write(tree)
    if len(text) > MAX_LENGTH:
        return
    try:
        back = parse(text)
    except ExpressionRefused as refused:
        assert refused.code == "policy.expression.too_deep"  # noqa: PT017
        return
    assert flattened(back) == flattened(tree)
    assert write(parse(write(back))) == write(back)


@pytest.mark.parametrize(
    "text",
    [
        "people - (others - people) > 0",
        "people / (others / people) > 0",
        "(people + others) * 2 > people",
        "not (flag and other_flag)",
        "(flag or other_flag) and flag",
        "(people if flag else others) > people",
        "people * -2 < 0.5 * people",
        "max(people, others, 0) <= people < others",
        "(not flag) and other_flag",
    ],
)
def test_brackets_that_matter_are_kept(text: str) -> None:
    assert parse(write(parse(text))) == parse(text)


def test_names_come_once_each_in_the_order_of_the_text() -> None:
    assert names_in(parse("share(people, others) > share_wanted and people > 0")) == (
        "people",
        "others",
        "share_wanted",
    )


KLEENE = {1: 1.0, 0: NAN, -1: 0.0}


@pytest.mark.parametrize(("first", "second"), list(itertools.product(KLEENE, repeat=2)))
def test_and_or_follow_kleene(first: int, second: int) -> None:
    given_values = {"flag": KLEENE[first], "other_flag": KLEENE[second]}
    assert answer("flag and other_flag", **given_values) == min(first, second)
    assert answer("flag or other_flag", **given_values) == max(first, second)
    assert answer("not flag", **given_values) == -first


def test_a_missing_value_gives_unknown_never_met_or_not_met() -> None:
    for sign in ("<", "<=", ">", ">=", "==", "!="):
        assert answer(f"people {sign} others", people=NAN, others=3) == 0
        assert answer(f"people {sign} others", people=3, others=NAN) == 0


def test_a_zero_denominator_gives_unknown() -> None:
    assert answer("share(people, others) >= share_wanted", people=0, others=0, share_wanted=40) == 0
    assert answer("people / others > 0", people=3, others=0) == 0
    assert answer("change(people, others) > share_wanted", people=3, others=0, share_wanted=5) == 0
    assert answer("whole(people, share_wanted) > people", people=3, share_wanted=0) == 0


def test_an_overflow_is_unknown() -> None:
    assert answer("people * people > others * others", people=1e300, others=1) == 0
    assert np.isnan(number("people * people", people=1e300))


def test_a_settled_side_decides_whatever_is_missing() -> None:
    assert answer("people > 0 or others > 0", people=1, others=NAN) == 1
    assert answer("people > 0 and others > 0", people=0, others=NAN) == -1


@given(st.integers(1, 10**7))
def test_a_norm_per_thousand_stays_exact_on_its_boundary(thousands: int) -> None:
    text = "people >= norm * residents"
    given_values = {"norm": 3.0, "residents": 1000.0 * thousands}
    assert answer(text, people=3.0 * thousands, **given_values) == 1
    assert answer(text, people=3.0 * thousands - 1, **given_values) == -1
    assert number("ceil(norm * residents)", **given_values) == 3 * thousands


@given(st.integers(1, 10**6), st.integers(1, 99))
def test_a_share_stays_exact_on_its_boundary(whole: int, percent: int) -> None:
    part = whole * percent
    given_values = {"others": 100.0 * whole, "share_wanted": float(percent)}
    assert answer("share(people, others) >= share_wanted", people=float(part), **given_values) == 1
    assert answer("share(people, others) >= share_wanted", people=float(part - 1), **given_values) == -1


def test_units_of_one_kind_are_brought_together() -> None:
    assert answer("hours >= minutes", hours=1, minutes=60) == 1
    assert answer("hours > minutes", hours=1, minutes=60) == -1
    assert answer("minutes + hours == hours + minutes", hours=1, minutes=30) == 1
    assert number("max(hours, minutes)", hours=1, minutes=90) in (90.0, 1.5, 5400.0)
    assert number("share(minutes, hours)", minutes=30, hours=1) == 50


def test_a_written_zero_fits_any_unit_and_no_other_number_does() -> None:
    assert answer("people > 0", people=1) == 1
    assert answer("0 < people", people=1) == 1
    assert number("max(0, people - others)", people=1, others=3) == 0
    assert number("min(0, 0)") == 0
    assert number("-0") == 0


def test_functions_work_out_what_they_say() -> None:
    assert number("share(people, others)", people=1, others=4) == 25
    assert number("whole(people, share_wanted)", people=56, share_wanted=25.8) == pytest.approx(
        217.05, abs=0.01
    )
    assert number("change(people, others)", people=94, others=100) == -6
    assert number("abs(people - others)", people=1, others=4) == 3
    assert number("min(people, others) + max(people, others)", people=1, others=4) == 5
    assert number("ceil(people / 2)", people=3) == 2
    assert number("floor(people / 2)", people=3) == 1
    assert number("ceil(people / hours)", people=3, hours=2) == 2
    assert number("2 - -3 * 4 / 2") == 8


def test_a_choice_follows_its_condition_and_is_unknown_without_it() -> None:
    assert number("people if flag else others", people=1, others=2, flag=1) == 1
    assert number("people if flag else others", people=1, others=2, flag=0) == 2
    assert np.isnan(number("people if flag else others", people=1, others=2, flag=NAN))
    text = "people > 0 if flag else others > 0"
    assert [answer(text, people=1, others=0, flag=value) for value in (1, 0, NAN)] == [1, -1, 0]


def test_a_chain_holds_only_where_every_link_does() -> None:
    text = "people <= others <= norm * residents"
    frame = {"norm": np.asarray(1000.0), "residents": np.asarray(6.0)}
    columns = {"people": np.asarray(4.0), "others": np.array([3.0, 4, 6, 7, NAN])}
    assert rule(text).truths(frame | columns).tolist() == [-1, 1, 1, -1, 0]


def test_columns_and_single_numbers_mix() -> None:
    columns = {"people": np.array([1.0, 2, NAN]), "others": np.asarray(2.0)}
    assert rule("people >= others").truths(columns).tolist() == [-1, 1, 0]


def test_asking_a_quantity_for_truths_is_a_mistake_in_the_program() -> None:
    with pytest.raises(TypeError, match="ask for numbers"):
        compiled("people").truths({"people": np.asarray(1.0)})
    with pytest.raises(TypeError, match="ask for truths"):
        compiled("flag").numbers({"flag": np.asarray(1.0)})
