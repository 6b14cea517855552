"""``linli facts``: the schema of facts, a dataset's health, lists taken in, and the platform's export."""

import importlib
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from linli.assessment.facts.checks import check_tables
from linli.assessment.facts.reference import schema_json, schema_page
from linli.assessment.facts.schema import fact_tables
from linli.cli.language import echo, spoken
from linli.io.facts import duckdb_tables, open_dataset
from linli.io.facts.importing import import_list
from linli.io.facts.manifest import read_manifest
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["facts"]

say = catalogue("linli.cli")

EXPORT: Final = "linli.web.commands.facts"
ZONE: Final = "Asia/Shanghai"


@click.group(help="事实数据：表结构、检查、导入、导出 · facts: schema, check, import, export")
def facts() -> None:
    """The group of commands about facts."""


@facts.command(help="打印表结构（JSON） · print the schema as JSON")
@click.option("--page", is_flag=True, help="打印文档页 · print the page for the documentation")
def schema(*, page: bool) -> None:
    """The published schema, which other systems may write by."""
    click.echo(schema_page() if page else schema_json(), nl=False)


@facts.command(help="检查事实数据；有误则退出码 2 · check a dataset; exit code 2 where something is wrong")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def check(ctx: click.Context, folder: Path) -> None:
    """Files as they were written, rows by the schema; each kind of mistake once, with how often."""
    dataset = open_dataset(folder)
    broken = list(dataset.broken_parts())
    for table, name in broken:
        echo(ctx, say("facts.broken", file=f"{table}/{name}"))
    findings = [] if broken else check_tables(duckdb_tables(dataset))
    for finding in findings:
        click.echo(f"  - {finding.sentence(spoken(ctx))}")
    for table in dataset.manifest.tables:
        title = fact_tables()[table].title
        echo(ctx, say("facts.rows", table=table, title=title, rows=f"{dataset.manifest.rows(table):,}"))
    wrong = len(broken) + sum(finding.fatal for finding in findings)
    echo(ctx, say("facts.wrong" if wrong else "facts.sound", count=wrong, digest=dataset.digest[:12]))
    if wrong:
        ctx.exit(2)


@facts.command(
    name="import", help="导入表格（CSV、XLSX、XLS 等），整份或不导入 · take a list in, whole or not at all"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--table", required=True, help="表，如 duty_hours · table, such as duty_hours")
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="事实数据文件夹 · folder of facts",
)
@click.option(
    "--zone",
    default=None,
    help=f"时区，默认同数据集，新数据集为 {ZONE} · time zone, by default the dataset's",
)
@click.option("--synthetic", is_flag=True, help="标为合成数据 · mark the rows as made up")
@click.pass_context
def import_(
    ctx: click.Context, file: Path, table: str, folder: Path, zone: str | None, *, synthetic: bool
) -> None:
    """Every broken cell is named with its row and column; taking the same file in again adds nothing."""
    manifest = read_manifest(folder) if folder.is_dir() else None
    chosen = zone or (manifest.zone if manifest is not None else ZONE)
    try:
        ZoneInfo(chosen)
    except (ZoneInfoNotFoundError, ValueError):
        raise LinliError(say("facts.zone", zone=chosen)) from None
    done = import_list(file, table, folder, zone=chosen, synthetic=synthetic)
    echo(ctx, say("facts.imported", file=file.name, rows=done.rows, added=done.added, table=table))


@facts.command(help="从平台导出事实数据，只写变化的部分 · export the platform's facts; only what changed")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="事实数据文件夹 · folder of facts",
)
@click.option("--whole", is_flag=True, help="全部重新读取 · read everything anew")
@click.pass_context
def export(ctx: click.Context, folder: Path, *, whole: bool) -> None:
    """Killed half-way it leaves the dataset as it was; run again it does the rest."""
    # The two halves of the house do not import each other: found by name, as subcommands are.
    importlib.import_module(EXPORT).export_to(ctx, folder, whole=whole)
