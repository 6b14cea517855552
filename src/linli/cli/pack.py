"""``linli pack``: list packs, prove one by its worked cases, explain a clause, write the clause table."""

import datetime as dt
import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from linli.cli.language import echo, spoken
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import ClauseId
from linli.kernel.texts import catalogue, plain
from linli.policy.catalogue import measures
from linli.policy.explanation import explain
from linli.policy.loading import find_pack, load_pack, pack_folders, shipped_packs
from linli.policy.model import Pack
from linli.policy.proof import ENOUGH, Proof, prove
from linli.policy.reading.table import close_name
from linli.policy.register import clause_register

__all__ = ["pack"]

say = catalogue("linli.cli")

ASSESSMENT: Final = {
    "indicators": "linli.assessment.indicators.reading:pack_indicators",
    "scoring": "linli.assessment.rules.agreement:pack_scoring",
    "stipends": "linli.assessment.stipends.reading:pack_stipends",
}
"""Files of assessment in a pack's folder, which policy does not know: the function that reads each strictly,
given folder and pack. It is imported when packs are checked, so that listing them need not wait."""

packs_option = click.option(
    "--packs",
    "packs",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="方案包所在文件夹，默认随邻里安装 · folder of packs, by default those shipped with Linli",
)


@click.group(help="方案包：列出、检查、解释 · policy packs: list, check, explain")
def pack() -> None:
    """The group of pack commands."""


@pack.command(name="list", help="列出方案包 · list the packs at hand")
@packs_option
@click.pass_context
def list_packs(ctx: click.Context, packs: Path | None) -> None:
    """One line a pack: id, title, date, and how many clauses stand at each status."""
    for folder in pack_folders(packs or shipped_packs()):
        loaded = load_pack(folder)
        statuses = [clause.status for clause in loaded.clauses.values()]
        counts = {status: statuses.count(status) for status in ("evaluated", "waiting", "declined")}
        echo(ctx, say("pack.line", id=loaded.id, title=loaded.title, issued=loaded.issued, **counts))


@pack.command(help="运行算例和变异检查 · run worked cases and mutants; exit code 2 below 95 %")
@click.argument("names", nargs=-1, required=True)
@packs_option
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], packs: Path | None) -> None:
    """Prove each pack named; the exit code is 2 when one falls short."""
    enough = True
    for name in names:
        folder = find_pack(name, packs or shipped_packs())
        loaded = load_pack(folder)
        for kind, reader in ASSESSMENT.items():
            module, _, function = reader.partition(":")
            found = getattr(importlib.import_module(module), function)(folder, loaded)
            echo(ctx, say(f"pack.{kind}", id=loaded.id, count=len(found)))
        proof = prove(loaded)
        _report(ctx, loaded, proof)
        enough = enough and proof.passes
    if not enough:
        ctx.exit(2)


def _report(ctx: click.Context, loaded: Pack, proof: Proof) -> None:
    echo(ctx, say("pack.proof", id=loaded.id, cases=len(proof.cases), failed=len(proof.failed)))
    for case in proof.failed:
        echo(
            ctx,
            say(
                "pack.case_failed",
                file=case.file,
                number=case.number,
                subject=case.subject,
                expected=case.expected,
                got=case.got,
            ),
        )
    echo(
        ctx,
        say(
            "pack.mutants",
            mutants=proof.mutants,
            noticed=proof.noticed,
            share=f"{proof.share:.1f}",
            enough=f"{ENOUGH:g}",
            argued=len(proof.argued),
        ),
    )
    for name in proof.unnoticed:
        echo(ctx, say("pack.unnoticed", mutant=name))
    for argument in proof.argued:
        echo(ctx, say("pack.argued", mutant=argument.mutant, reason=argument.reason))
    for name in proof.stale:
        echo(ctx, say("pack.stale", mutant=name))
    echo(ctx, say("pack.passes" if proof.passes else "pack.fails", id=loaded.id))


class Day(click.ParamType[dt.date]):
    """A day in ISO form."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day, or a usage error."""
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        except ValueError:
            self.fail(str(say("pack.day", given=value)), param, ctx)


@pack.command(name="explain", help="解释一个条款 · explain one clause on a day")
@click.argument("name")
@click.argument("clause")
@click.option("--on", "on", type=Day(), required=True, help="日期，如 2020-06-01 · day")
@click.option("--given", "given", multiple=True, help="指标=数，可多次 · measure=number, repeatable")
@packs_option
@click.pass_context
def explain_clause(
    ctx: click.Context, name: str, clause: str, on: dt.date, given: tuple[str, ...], packs: Path | None
) -> None:
    """Print the clause's text, numbers, rules and an example, as a person would read them."""
    loaded = load_pack(find_pack(name, packs or shipped_packs()))
    if clause not in loaded.clauses:
        close = close_name(clause, list(loaded.clauses))
        known = ", ".join(loaded.clauses)
        hint = say("pack.clause_close", close=close) if close else plain("")
        raise LinliError(say("pack.clause_unknown", id=loaded.id, clause=clause, known=known, hint=hint))
    for block in explain(loaded, ClauseId(clause), on=on, given=_numbers(given)):
        indent = "  " * block.depth
        click.echo(indent + block.heading.in_(spoken(ctx)))
        for line in block.lines:
            click.echo(f"{indent}  {line.in_(spoken(ctx)).rstrip()}")


def _numbers(given: tuple[str, ...]) -> Mapping[str, float] | None:
    numbers = {}
    for pair in given:
        name, _, number = pair.partition("=")
        if name not in measures():
            close = close_name(name, list(measures()))
            hint = say("pack.clause_close", close=close) if close else plain("")
            raise LinliError(say("pack.measure_unknown", name=name, hint=hint))
        try:
            numbers[name] = float(number)
        except ValueError as error:
            raise LinliError(say("pack.number", given=pair)) from error
    return numbers or None


@pack.command(name="table", help="生成条款一览表 · write the table of all clauses")
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="输出文件，默认打印 · file to write, by default printed",
)
@packs_option
def table(out: Path | None, packs: Path | None) -> None:
    """Write docs/reference/clauses.md, or print it."""
    text = clause_register(load_pack(folder) for folder in pack_folders(packs or shipped_packs()))
    if out is None:
        click.echo(text, nl=False)
        return
    beside = out.with_name(f".{out.name}.part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, out)  # noqa: PTH105 - replace in one step
