"""``linli assess run`` and ``linli assess explain``: figures from facts, and a figure down to its records."""

from pathlib import Path
from typing import Final

import click

from linli.assessment.indicators import (
    Definition,
    Explanation,
    areas_of,
    compute,
    pack_indicators,
    period,
    periods_between,
    read_indicators,
    sentences,
)
from linli.assessment.indicators import explain as open_figure
from linli.cli.language import echo, spoken
from linli.cli.output import replacing
from linli.io.facts import duckdb_tables, open_dataset
from linli.io.facts.results import write_evidence, write_results, write_run
from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue, plain
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.policy.reading.table import close_name

__all__ = ["explain", "run"]

say = catalogue("linli.cli")

SHOWN: Final = 20

facts_argument = click.argument("facts", type=click.Path(path_type=Path, file_okay=False))
pack_option = click.option("--pack", "pack", default=None, help="方案包 · policy pack")
packs_option = click.option(
    "--packs",
    "packs",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="方案包所在文件夹，默认随邻里安装 · folder of packs, by default those shipped with Linli",
)
file_option = click.option(
    "--indicators",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="自定义指标文件；给出方案包时按其核对 · your own indicators, checked against the pack if named",
)


@click.command(
    help="由事实数据计算指标，写出结果和证据 · work indicators out from facts; write results and evidence"
)
@facts_argument
@pack_option
@packs_option
@file_option
@click.option("--from", "start", required=True, help="起始月份，如 2026-01 · first month")
@click.option("--until", "until", required=True, help="截止月份，如 2026-12 · last month")
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="输出文件夹 · folder to write",
)
@click.option("--memory", default="4GB", show_default=True, help="内存上限 · bound of memory")
@click.pass_context
def run(
    ctx: click.Context,
    facts: Path,
    pack: str | None,
    packs: Path | None,
    file: Path | None,
    start: str,
    until: str,
    out: Path,
    memory: str,
) -> None:
    """Months, and the quarters and years that lie whole between them."""
    definitions, periods = _definitions(pack, packs, file), periods_between(start, until)
    dataset = open_dataset(facts)
    tables = duckdb_tables(dataset, memory=memory)
    with replacing(out) as folder:
        results = compute(definitions, tables, periods, facts=dataset.digest)
        write_results(results, areas_of(tables), folder, spoken(ctx))
        write_run(results, write_evidence(results, tables, periods, folder), folder)
    known = int(results.frame["value"].notna().sum())
    echo(ctx, say("assess.written", results=len(results), known=known, indicators=len(definitions), out=out))


@click.command(help="解释一个结果，直到每条记录 · open one figure down to its records")
@facts_argument
@pack_option
@packs_option
@file_option
@click.option("--indicator", "name", required=True, help="指标，如 H7.satisfaction · indicator")
@click.option("--area", default=None, help="区域代码，默认全辖区 · area, by default the whole territory")
@click.option("--period", "token", required=True, help="时段，如 2026-03、2026-Q1、2026 · period")
@click.option(
    "--records",
    "most",
    default=SHOWN,
    show_default=True,
    help="列出的记录数，0 为全部 · records to list, 0 for all",
)
@click.pass_context
def explain(
    ctx: click.Context,
    facts: Path,
    pack: str | None,
    packs: Path | None,
    file: Path | None,
    name: str,
    area: str | None,
    token: str,
    most: int,
) -> None:
    """The figure in sentences, the areas below it, and the records counted."""
    definition = _named(_definitions(pack, packs, file), name)
    dataset = open_dataset(facts)
    tables = duckdb_tables(dataset)
    chosen = areas_of(tables).territory if area is None else area
    limit = most or sum(dataset.manifest.rows(table) for table in dataset.manifest.tables)
    _print(ctx, open_figure(definition, tables, chosen, period(token), facts=dataset.digest, most=limit))


def _print(ctx: click.Context, found: Explanation) -> None:
    for line in sentences(found):
        echo(ctx, line)
    for part in found.parts:
        value = say("assess.not_known") if part.value is None else plain(f"{part.value:,.6g}")
        name = found.names[part.area]
        echo(ctx, say("assess.part", area=part.area, name=name, value=value, records=part.records))
    if found.elsewhere:
        echo(ctx, say("assess.elsewhere", records=found.elsewhere))
    if found.records:
        echo(ctx, say("assess.records", shown=len(found.records), all=found.result.records))
    for record in found.records:
        adds = "·".join("" if v is None else f"{v:g}" for v in (record.numerator, record.denominator))
        click.echo(f"  {record.id}  {record.station or '-'}  {record.beat or '-'}  {adds}")


def _definitions(pack: str | None, packs: Path | None, file: Path | None) -> tuple[Definition, ...]:
    """The indicators of a pack, or those of a file, checked against the pack where one is named."""
    if pack is None and file is None:
        raise LinliError(say("assess.none"))
    loaded, folder = None, None
    if pack is not None:
        folder = find_pack(pack, packs or shipped_packs())
        loaded = load_pack(folder)
    if file is not None:
        return read_indicators(file, pack=loaded)
    found = pack_indicators(folder, loaded) if folder is not None and loaded is not None else ()
    if not found:
        raise LinliError(say("assess.no_indicators", pack=pack))
    return found


def _named(definitions: tuple[Definition, ...], name: str) -> Definition:
    by_id = {one.indicator.id: one for one in definitions}
    if name not in by_id:
        close = close_name(name, list(by_id)) or "–"
        raise LinliError(say("assess.unknown", name=name, close=close, known=", ".join(by_id)))
    return by_id[name]
