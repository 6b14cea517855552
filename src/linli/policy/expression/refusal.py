"""What is said when an expression is refused: the piece given, what was expected, what to do."""

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue

__all__ = ["ExpressionRefused", "refuse"]


class ExpressionRefused(LinliError):
    """An expression outside the language, or whose units do not fit. No data was read.

    ``code`` names the kind of mistake and is stable; ``given`` is the piece of the expression.
    """

    def __init__(self, code: str, given: str, expected: Text, remedy: Text) -> None:
        super().__init__(
            catalogue("linli.policy")("expression.refused", given=given, expected=expected, remedy=remedy)
        )
        self.code = code
        self.given = given
        self.expected = expected
        self.remedy = remedy


def refuse(kind: str, given: str, **values: object) -> ExpressionRefused:
    """The refusal of one kind; its two texts are ``<kind>.expected`` and ``<kind>.remedy``."""
    say = catalogue("linli.policy")
    return ExpressionRefused(
        f"policy.{kind}", given, say(f"{kind}.expected", **values), say(f"{kind}.remedy", **values)
    )
