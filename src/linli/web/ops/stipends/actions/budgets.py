"""Budgets and their lines: who gives how much, for which rule, and what one record is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Sum

from linli.assessment.stipends.model import StipendRule, Stipends
from linli.kernel.texts import Text
from linli.web.foundation.accounts.access import local_day, may
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.ops.stipends.candidates import left
from linli.web.ops.stipends.models import Budget, Line
from linli.web.ops.stipends.packs import rule_of
from linli.web.ops.stipends.reach import budget_subject
from linli.web.ops.stipends.wording import MOST_CENTS, checked, say, yuan

__all__ = ["ChangeBudget", "ChangeLine", "MakeBudget", "OpenLine"]

YEARS = 3
"""How far before and after this year a budget may lie."""


def _must_edit(context: Context) -> None:
    if not may(context.actor, "edit", budget_subject()):
        raise Forbidden(say("budget.forbidden"))


def _refuse(wrong: Mapping[str, Text]) -> None:
    if wrong:
        raise Invalid(say("refused", count=len(wrong)), wrong)


def _cap(wrong: dict[str, Text], cents: int | None) -> None:
    if cents is None or not 0 < cents <= MOST_CENTS:
        wrong["cap"] = say("no_amount")


def _record(action: str, kind: str, pk: int, detail: Mapping[str, Any]) -> Record:
    return Record(action=action, subject_kind=kind, subject_id=str(pk), detail=detail)


@dataclass(frozen=True, kw_only=True)
class MakeBudget(Action[Budget]):
    """Say what a source gives for a year."""

    name: ClassVar[str] = "stipend.budget"
    year: int
    source: str
    cap_cents: int | None
    note: str = ""

    def check(self, context: Context) -> None:
        """A year near this one, a known source, an amount; one budget of a source and year."""
        _must_edit(context)
        wrong: dict[str, Text] = {}
        if abs(self.year - local_day(context.at).year) > YEARS:
            wrong["year"] = say("no_year")
        if self.source not in Budget.Source.values:
            wrong["source"] = say("no_source")
        if len(self.note) > 300:
            wrong["note"] = say("text", most=300)
        _cap(wrong, self.cap_cents)
        _refuse(wrong)
        if Budget.objects.filter(year=self.year, source=self.source).exists():
            raise Conflict(say("budget.there", year=self.year, source=say(f"source.{self.source}")))

    def change(self, context: Context) -> Budget:
        """Keep it."""
        return Budget.objects.create(
            year=self.year,
            source=self.source,
            cap_cents=checked(self.cap_cents),
            note=self.note.strip(),
            made_by_id=context.actor.account,
            made_at=context.at,
        )

    def record(self, result: Budget) -> Record:
        """Which, and how much."""
        detail = {"year": result.year, "source": result.source, "cap_cents": result.cap_cents}
        return _record(self.name, "budget", result.pk, detail)


@dataclass(frozen=True, kw_only=True)
class ChangeBudget(Action[Budget]):
    """Raise or lower a budget's cap, never below what its lines hold."""

    name: ClassVar[str] = "stipend.budget_cap"
    budget_id: int
    cap_cents: int | None
    note: str

    def check(self, context: Context) -> None:
        """An amount that covers the lines, and a reason."""
        _must_edit(context)
        budget = self._budget()
        wrong: dict[str, Text] = {}
        _cap(wrong, self.cap_cents)
        if not self.note.strip() or len(self.note) > 300:
            wrong["note"] = say("text", most=300)
        _refuse(wrong)
        held = _held(budget)
        if (self.cap_cents or 0) < held:
            raise Invalid(say("refused", count=1), {"cap": say("budget.below", held=yuan(held))})

    def _budget(self) -> Budget:
        return _locked_budget(self.budget_id)

    def change(self, context: Context) -> Budget:
        """Keep it."""
        budget = self._budget()
        budget.cap_cents, budget.note = self.cap_cents or 0, self.note.strip()
        budget.save(update_fields=["cap_cents", "note"])
        return budget

    def record(self, result: Budget) -> Record:
        """The new cap and why."""
        detail = {"cap_cents": result.cap_cents, "note": result.note}
        return _record(self.name, "budget", result.pk, detail)


def _locked_budget(pk: int) -> Budget:
    found = Budget.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise Missing(say("budget.missing"))
    return found


def _held(budget: Budget) -> int:
    return int(budget.lines.aggregate(n=Sum("cap_cents"))["n"] or 0)


@dataclass(frozen=True, kw_only=True)
class OpenLine(Action[Line]):
    """Give a rule of an installed plan a part of a budget."""

    name: ClassVar[str] = "stipend.line"
    budget_id: int
    rule: str
    cap_cents: int | None
    amount_cents: int | None = None

    def check(self, context: Context) -> None:
        """A rule of the pack, what is left of the budget, an amount where the clause names none."""
        _must_edit(context)
        budget = _locked_budget(self.budget_id)
        _, rule = self._rule()
        wrong: dict[str, Text] = {}
        _cap(wrong, self.cap_cents)
        self._check_amount(rule, context, wrong)
        free = budget.cap_cents - _held(budget)
        if "cap" not in wrong and (self.cap_cents or 0) > free:
            wrong["cap"] = say("line.over", left=yuan(free))
        _refuse(wrong)
        if budget.lines.filter(rule=self.rule).exists():
            raise Conflict(say("line.there", rule=rule.title))

    def _rule(self) -> tuple[Stipends, StipendRule]:
        found = rule_of(self.rule)
        if found is None:
            raise Invalid(say("refused", count=1), {"rule": say("no_rule")})
        return found

    def _check_amount(self, rule: StipendRule, context: Context, wrong: dict[str, Text]) -> None:
        if not rule.local:
            if self.amount_cents is not None:
                wrong["amount"] = say("amount.written", clause=rule.clause)
            return
        if self.amount_cents is None or not 0 < self.amount_cents <= MOST_CENTS:
            wrong["amount"] = say("amount.local", clause=rule.clause)
            return
        stipends, _ = self._rule()
        least = stipends.amounts(rule, local_day(context.at)).least
        if least is not None and self.amount_cents < least:
            wrong["amount"] = say("amount.least", clause=rule.clause, least=yuan(least))

    def change(self, context: Context) -> Line:
        """Keep it with the rule's title as it is today."""
        stipends, rule = self._rule()
        return Line.objects.create(
            budget_id=self.budget_id,
            pack=stipends.id,
            rule=rule.id,
            title={"zh": rule.title.zh, "en": rule.title.en},
            clause=rule.clause,
            cap_cents=checked(self.cap_cents),
            amount_cents=self.amount_cents if rule.local else None,
            opened_by_id=context.actor.account,
            opened_at=context.at,
        )

    def record(self, result: Line) -> Record:
        """Which rule, how much, and how much for each record."""
        detail = {"rule": result.rule, "cap_cents": result.cap_cents, "amount_cents": result.amount_cents}
        return _record(self.name, "budget_line", result.pk, detail)


@dataclass(frozen=True, kw_only=True)
class ChangeLine(Action[Line]):
    """Raise or lower a line's cap, within its budget and never below what is proposed or paid."""

    name: ClassVar[str] = "stipend.line_cap"
    line_id: int
    cap_cents: int | None

    def check(self, context: Context) -> None:
        """Within the budget; not below what the line has promised."""
        _must_edit(context)
        line = self._line()
        wrong: dict[str, Text] = {}
        _cap(wrong, self.cap_cents)
        _refuse(wrong)
        given, promised = self.cap_cents or 0, line.cap_cents - left(line)
        free = line.budget.cap_cents - _held(line.budget) + line.cap_cents
        if given > free:
            wrong["cap"] = say("line.over", left=yuan(free))
        elif given < promised:
            wrong["cap"] = say("line.below", promised=yuan(promised))
        _refuse(wrong)

    def _line(self) -> Line:
        # Budget before line, in every action: two that wait for each other would wait for ever.
        found = Line.objects.filter(pk=self.line_id).first()
        if found is None:
            raise Missing(say("line.missing"))
        found.budget = _locked_budget(found.budget_id)
        Line.objects.select_for_update().get(pk=found.pk)
        return found

    def change(self, context: Context) -> Line:
        """Keep it."""
        line = self._line()
        line.cap_cents = self.cap_cents or 0
        line.save(update_fields=["cap_cents"])
        return line

    def record(self, result: Line) -> Record:
        """The new cap."""
        return _record(self.name, "budget_line", result.pk, {"cap_cents": result.cap_cents})
