"""What is said when a text is outside the language: the piece given, what was expected, what to do."""

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue

__all__ = ["LanguageRefused", "refuse"]


class LanguageRefused(LinliError):
    """A text outside the language, or whose types do not fit. ``code`` names the kind of mistake."""

    def __init__(self, code: str, given: str, expected: Text, remedy: Text) -> None:
        say = catalogue("linli.assessment.indicators")
        super().__init__(say("language.refused", given=given, expected=expected, remedy=remedy))
        self.code = code
        self.given = given
        self.expected = expected
        self.remedy = remedy


def refuse(kind: str, given: str, **values: object) -> LanguageRefused:
    """The refusal of one kind; its two texts are ``language.<kind>.expected`` and ``….remedy``."""
    say = catalogue("linli.assessment.indicators")
    expected = say(f"language.{kind}.expected", **values)
    remedy = say(f"language.{kind}.remedy", **values)
    return LanguageRefused(f"indicators.{kind}", given, expected, remedy)
