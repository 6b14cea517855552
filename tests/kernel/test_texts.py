"""Texts carry both languages through every placeholder."""

import pytest

from linli.kernel.texts import Catalogue, Text, catalogue, plain


def test_a_text_within_a_text_keeps_its_language() -> None:
    say = Catalogue("test", {"outer": Text(zh="甲{inner}", en="A {inner}")})
    assert say("outer", inner=Text(zh="乙", en="B")) == Text(zh="甲乙", en="A B")


def test_a_format_specification_is_honoured_in_both_languages() -> None:
    say = Catalogue("test", {"share": Text(zh="占{share:.1%}", en="{share:.1%} of all")})
    assert say("share", share=0.4).zh == "占40.0%"
    assert say("share", share=0.4).en == "40.0% of all"


def test_a_key_that_is_not_there_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        catalogue("linli.kernel")("no.such.key")


def test_plain_values_read_the_same_in_both_languages() -> None:
    assert plain(3) == Text(zh="3", en="3")
    assert str(Text(zh="村", en="village")) == "村 / village"
