"""The simulation of chance on a terminal: each rule as it is read, then a narrow table for every reading."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from linli.assessment.chance.results import ChanceTable, Luck, RuleChance
from linli.assessment.rules.wording import consequence_text
from linli.kernel.texts import Language, Text, catalogue, plain
from linli.report.chance import Row, chance_title, reading_text, times_fewer

__all__ = ["print_chance"]

say = catalogue("linli.cli")

WIDTH = 100
"""Columns that the tables take in a file or a pipe."""


def print_chance(table: ChanceTable, language: Language) -> None:
    """Print everything that was simulated."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(chance_title(table).in_(language), markup=False)
    for assumption in table.assumptions:
        _line(console, assumption, language)
    for rule in table.rules:
        if rule.chosen:
            _print_rule(console, rule, language)
        _print_reading(console, rule, language)


def _print_rule(console: Console, rule: RuleChance, language: Language) -> None:
    console.print()
    console.print(f"{rule.clause} {rule.title.in_(language)}", markup=False, style="bold")
    console.print(f"  {rule.as_read.in_(language)}", markup=False)
    if rule.met_by_not_recording:
        _line(console, catalogue("linli.assessment.rules")("met_by_not_recording"), language)
    for note in rule.notes:
        _line(console, note, language)


def _line(console: Console, text: Text, language: Language) -> None:
    console.print(f"  · {text.in_(language)}", markup=False)


def _print_reading(console: Console, rule: RuleChance, language: Language) -> None:
    if not rule.rows:
        return
    caption = None if rule.reading is None else reading_text(rule).in_(language)
    screen = Table(title=caption, title_justify="left", box=SIMPLE_HEAD)
    screen.add_column(say("chance.consequence").in_(language), overflow="fold")
    for key in ("by_luck", "some", "found", "same_power", "times", "fixed"):
        screen.add_column(say(f"chance.{key}").in_(language), justify="right", overflow="fold")
    for luck in rule.rows:
        cells = _cells(rule, luck)
        screen.add_row(*(cell.in_(language) for cell in cells))
    console.print(screen)
    for luck in rule.rows:
        if luck.yuan is not None:
            _line(console, _money(luck), language)


def _cells(rule: RuleChance, luck: Luck) -> tuple[Text, ...]:
    honest = luck.honest
    return (
        consequence_text(luck.consequence),
        plain(f"{luck.a_year:,.2f}"),
        plain(f"{luck.some * 100:.1f}"),
        _found(luck),
        plain("–" if honest is None else f"{honest.a_year:,.3f}"),
        times_fewer(Row(rule, luck)) or plain("–"),
        _fixed(luck),
    )


def _found(luck: Luck) -> Text:
    change = say(f"chance.change.{luck.change}", percent=f"{luck.change_percent or 0.0:g}")
    return say("chance.found_value", change=change, share=f"{luck.power * 100:.1f}")


def _fixed(luck: Luck) -> Text:
    """False ones a year and power at the fixed limit."""
    honest = luck.honest
    if honest is None or honest.fixed_a_year is None or honest.fixed_power is None:
        return plain("–")
    return plain(f"{honest.fixed_a_year:,.2f}\u00a0/\u00a0{honest.fixed_power * 100:.1f}")


def _money(luck: Luck) -> Text:
    if luck.smallest_third is None or luck.smallest_part is None:
        return say("chance.money", yuan=f"{luck.yuan:,.0f}", share=f"{luck.share * 100:.0f}")
    return say(
        "chance.money_smallest",
        yuan=f"{luck.yuan:,.0f}",
        share=f"{luck.share * 100:.0f}",
        third=f"{luck.smallest_third * 100:.0f}",
        part=f"{luck.smallest_part * 100:.0f}",
    )
