"""``linli assess chance``: what chance alone makes of a pack's scoring rules in this county."""

import datetime as dt
import time
from pathlib import Path
from typing import cast, get_args

import click

from linli.assessment.chance.scenarios import ScenarioName
from linli.assessment.chance.simulation import DEFAULT_YEARS, simulate
from linli.assessment.rules.loading import load_scoring
from linli.cli.chance_screen import print_chance
from linli.cli.language import echo, spoken
from linli.cli.output import refuse_foreign, replacing
from linli.cli.pack import packs_option
from linli.io.deployment import read_deployment
from linli.io.rates import read_rates
from linli.io.territory import read_territory
from linli.kernel.errors import LinliError
from linli.kernel.seeds import Seed
from linli.kernel.texts import catalogue, plain
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.report.chance_files import write_chance
from linli.report.counties import Rates, counties_of

__all__ = ["chance"]

say = catalogue("linli.cli")

DEPLOYMENT_FILE = "deployment.json"


@click.command(
    help="随机波动会给考核规则造成什么 · what chance alone makes of a pack's scoring rules",
)
@click.option("--pack", "pack_name", required=True, help="方案包名称或文件夹 · id or folder of the pack")
@click.option(
    "--territory",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="辖区文件夹 · folder of the territory",
)
@click.option(
    "--deployment",
    "deployed",
    type=click.Path(path_type=Path),
    default=None,
    help="方案文件夹或 deployment.json，按其警务区排名；默认按村、社区 · a plan whose beats are ranked",
)
@click.option(
    "--rates",
    default=None,
    help="每千名常住人口每月起数，或表格（area,events） · events per 1,000 residents a month, or a table",
)
@click.option("--on", default=None, help="按哪一天的条款，默认方案包起始日 · the day whose values apply")
@click.option(
    "--scenario",
    type=click.Choice(get_args(ScenarioName)),
    default="county",
    show_default=True,
    help="本辖区的规模，或五种情形之一 · the county's own sizes, or one of five textbook cases",
)
@click.option(
    "--years",
    type=click.IntRange(20, 100_000),
    default=DEFAULT_YEARS,
    show_default=True,
    help="模拟年数 · simulated years",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="随机种子，同种子同结果 · same seed, same bytes",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="另写 chance.synthetic.xlsx 和 .json 的文件夹 · folder for the workbook and the JSON",
)
@packs_option
@click.pass_context
def chance(
    ctx: click.Context,
    pack_name: str,
    folder: Path,
    deployed: Path | None,
    rates: str | None,
    on: str | None,
    scenario: str,
    years: int,
    seed: int,
    out: Path | None,
    packs: Path | None,
) -> None:
    """Simulate, print a table beside each clause, and write it if asked."""
    if out is not None:
        refuse_foreign(out)
    pack_folder = find_pack(pack_name, packs or shipped_packs())
    pack = load_pack(pack_folder)
    scoring = load_scoring(pack_folder, pack)
    if not scoring.rules:
        raise LinliError(say("chance.no_rules", pack=pack.id))
    territory = read_territory(folder)
    deployment = None if deployed is None else read_deployment(_deployment_file(deployed))
    counties = counties_of(territory, deployment, _rates(rates))
    day = pack.start if on is None else _day(on)
    began = time.monotonic()
    table = simulate(
        scoring, pack, counties, on=day, scenario=cast(ScenarioName, scenario), years=years, seed=Seed(seed)
    )
    print_chance(table, spoken(ctx))
    echo(ctx, say("chance.took", seconds=f"{time.monotonic() - began:.1f}"))
    if out is not None:
        with replacing(out) as unfinished:
            names = write_chance(table, unfinished, territory=territory.name)
        echo(ctx, say("plan.written", folder=out, files=plain(", ".join(names))))


def _deployment_file(given: Path) -> Path:
    return given / DEPLOYMENT_FILE if given.is_dir() else given


def _rates(given: str | None) -> Rates:
    """A number is a rate by residents; anything else is the name of a table."""
    if given is None:
        return Rates()
    try:
        number = float(given)
    except ValueError:
        return Rates(events=read_rates(Path(given)))
    if not 0 < number < 1000:
        raise LinliError(say("chance.rate", given=given))
    return Rates(per_thousand=number)


def _day(given: str) -> dt.date:
    try:
        return dt.date.fromisoformat(given)
    except ValueError as error:
        raise LinliError(say("pack.day", given=given)) from error
