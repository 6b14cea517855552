"""``linli deployment``: check a deployment independently, compare two, print the schema of its file."""

from collections.abc import Iterator
from pathlib import Path

import click

from linli.cli.comparing import print_comparison
from linli.cli.language import echo, spoken
from linli.cli.output import replacing
from linli.cli.pack import packs_option
from linli.io.deployment import read_deployment, schema_text
from linli.io.territory import read_territory
from linli.kernel.texts import catalogue
from linli.planning.deployment import Deployment
from linli.planning.verification import Verdict, verify, verify_against_pack, verify_against_territory
from linli.planning.yardstick import count_beats
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.report import write_comparison

__all__ = ["deployment"]

say = catalogue("linli.cli")

MOST_SHOWN = 10
"""Violations printed of each check; their number is always given."""


@click.group(help="部署方案：核对、对照、文件格式 · deployments: check, compare, format of the file")
def deployment() -> None:
    """The group of commands about deployments."""


@deployment.command(help="独立核对部署方案，有误则退出码 2 · check independently; exit code 2 on violations")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--territory",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="同时与辖区资料核对 · also hold it against the territory",
)
@click.option(
    "--pack", "pack_name", default=None, help="同时与方案包核对 · also hold it against the policy pack"
)
@packs_option
@click.pass_context
def check(
    ctx: click.Context, file: Path, folder: Path | None, pack_name: str | None, packs: Path | None
) -> None:
    """Print every check in plain words."""
    plan = read_deployment(file)
    verdicts = tuple(_verdicts(plan, folder, pack_name, packs))
    for verdict in verdicts:
        _print(ctx, verdict)
    _count(ctx, plan)
    failed = sum(bool(verdict.violations) for verdict in verdicts)
    skipped = sum(verdict.skipped is not None for verdict in verdicts)
    key = "check.failed" if failed else "check.passed"
    echo(ctx, say(key, checks=len(verdicts), failed=failed, skipped=skipped))
    if failed:
        ctx.exit(2)


def _count(ctx: click.Context, plan: Deployment) -> None:
    """The same two figures that the plan's own summary and page begin with."""
    found = count_beats(plan)
    echo(
        ctx,
        say("check.beats", beats=found.beats, outside=found.outside, unknown=found.not_known),
    )
    echo(ctx, say("check.pieces", beats=found.beats, apart=found.in_pieces))


def _verdicts(
    plan: Deployment, folder: Path | None, pack_name: str | None, packs: Path | None
) -> Iterator[Verdict]:
    first = verify(plan)
    yield from first
    # Records that name each other wrongly cannot be held against anything else.
    if any(verdict.violations for verdict in first[:2]):
        return
    if folder is not None:
        yield from verify_against_territory(plan, read_territory(folder))
    if pack_name is not None:
        yield from verify_against_pack(plan, load_pack(find_pack(pack_name, packs or shipped_packs())))


def _print(ctx: click.Context, verdict: Verdict) -> None:
    if verdict.skipped is not None:
        echo(ctx, say("check.skipped", title=verdict.title, reason=verdict.skipped))
        return
    key = "check.right" if verdict.passed else "check.wrong"
    count = len(verdict.violations)
    echo(ctx, say(key, title=verdict.title, rows=verdict.looked_at, count=count))
    for text in verdict.violations[:MOST_SHOWN]:
        echo(ctx, say("check.violation", text=text))
    if count > MOST_SHOWN:
        echo(ctx, say("check.more", count=count - MOST_SHOWN))
    for text in verdict.exceptions[:MOST_SHOWN]:
        echo(ctx, say("check.exception", text=text))
    if len(verdict.exceptions) > MOST_SHOWN:
        echo(ctx, say("check.more", count=len(verdict.exceptions) - MOST_SHOWN))


@deployment.command(help="对照两份部署方案 · compare two deployments")
@click.argument("left", type=click.Path(path_type=Path))
@click.argument("right", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="把对照结果写入文件夹 · folder to write the comparison to",
)
@click.pass_context
def compare(ctx: click.Context, left: Path, right: Path, out: Path | None) -> None:
    """Print what changes from the first to the second, and write it if asked."""
    before, after = read_deployment(left), read_deployment(right)
    if out is not None:
        with replacing(out) as unfinished:
            write_comparison(before, after, unfinished, language=spoken(ctx))
    print_comparison(before, after, spoken(ctx))


@deployment.command(help="打印 deployment.json 的 JSON Schema · print the JSON Schema of deployment.json")
def schema() -> None:
    """The schema as published in docs/reference."""
    click.echo(schema_text(), nl=False)
