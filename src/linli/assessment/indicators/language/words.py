"""A text of the language in words: columns and their values by their titles, signs as people say them.

It is for pages. What decides a figure is the canonical text of ``write``, which stays beside it in files.
"""

from linli.assessment.facts.schema import Column as FactColumn
from linli.assessment.facts.schema import FactTable
from linli.assessment.indicators.language.tree import (
    STRENGTH,
    STRONGEST,
    All,
    Arithmetic,
    Call,
    Choice,
    Column,
    Comparison,
    Constant,
    IsNull,
    Member,
    Negative,
    Node,
    Not,
    Value,
)
from linli.kernel.texts import Catalogue, Text, catalogue, plain

__all__ = ["words"]

ROOM = "linli.assessment.indicators"
SIGNS = {
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "==": "=",
    "!=": "≠",
    "*": "×",
    "/": "÷",
    "+": "+",
    "-": "−",
}


def words(node: Node, table: FactTable) -> Text:
    """The text in Chinese and in English, by the titles of the table's columns.

    Examples
    --------
    >>> from linli.assessment.facts.schema import fact_tables
    >>> from linli.assessment.indicators.language.parsing import parse
    >>> words(parse("feedback == 'satisfied' and late is null"), fact_tables()["cases"]).zh
    '满意度 = 满意 且 超期不详'
    """
    return _Words(table, catalogue(ROOM)).told(node)[0]


class _Words:
    def __init__(self, table: FactTable, say: Catalogue) -> None:
        self.table, self.say = table, say

    def told(self, node: Node) -> tuple[Text, int]:
        match node:
            case Constant(value):
                return self._constant(value, None), STRONGEST
            case Column(name):
                return self._title(name), STRONGEST
            case Call(function, arguments):
                given = _joined([self.told(one)[0] for one in arguments], self.say("words.comma"))
                return self.say(f"words.{function}", arguments=given), STRONGEST
            case Negative(operand):
                return self.say("words.minus", value=self._within(operand, 7)), 7
            case Arithmetic(sign, left, right):
                strength = STRENGTH[sign]
                return self._signed(
                    sign, self._within(left, strength), self._within(right, strength + 1)
                ), strength
            case Choice(then, condition, otherwise):
                parts = {"then": then, "condition": condition, "otherwise": otherwise}
                return self.say(
                    "words.choice", **{name: self._within(one, 1) for name, one in parts.items()}
                ), 0
            case _:
                return self._truth(node)

    def _truth(self, node: Comparison | Member | IsNull | All | Not) -> tuple[Text, int]:
        test = STRENGTH["test"]
        match node:
            case Comparison(sign, left, right):
                pair = self._value(left, right), self._value(right, left)
                return self._signed(sign, *pair), test
            case Member(operand, values, negated):
                listed = _joined([self._value(one, operand) for one in values], self.say("words.comma"))
                key = "words.not_in" if negated else "words.in"
                return self.say(key, value=self._within(operand, test + 1), values=listed), test
            case IsNull(operand, negated):
                key = "words.known" if negated else "words.unknown"
                return self.say(key, value=self._within(operand, test + 1)), test
            case All(word, operands):
                strength = STRENGTH[word]
                every = [self._within(one, strength + 1) for one in operands]
                return _joined(every, self.say(f"words.{word}")), strength
            case Not(operand):
                return self.say("words.not", value=self._within(operand, STRENGTH["not"])), STRENGTH["not"]

    def _signed(self, sign: str, left: Text, right: Text) -> Text:
        return Text(*(f"{a} {SIGNS[sign]} {b}" for a, b in ((left.zh, right.zh), (left.en, right.en))))

    def _within(self, node: Node, strength: int) -> Text:
        text, own = self.told(node)
        return text if own >= strength else self.say("words.brackets", text=text)

    def _value(self, node: Node, other: Node) -> Text:
        """A constant beside a column is said in that column's words."""
        if isinstance(node, Constant):
            of = self.table.columns.get(other.name) if isinstance(other, Column) else None
            return self._constant(node.value, of)
        return self._within(node, STRENGTH["test"] + 1)

    def _constant(self, value: Value, of: FactColumn | None) -> Text:
        if isinstance(value, bool):
            return self.say("words.true" if value else "words.false")
        if isinstance(value, str):
            return plain(value) if of is None else of.words.get(value, plain(value))
        return plain(f"{value:g}")

    def _title(self, name: str) -> Text:
        column = self.table.columns.get(name)
        return plain(name) if column is None else column.title


def _joined(parts: list[Text], by: Text) -> Text:
    return Text(by.zh.join(part.zh for part in parts), by.en.join(part.en for part in parts))
