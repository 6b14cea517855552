"""``linli plan``: a territory and a policy pack become a deployment, with its report, in one command."""

import contextlib
import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from linli.assessment.rules.loading import load_scoring
from linli.cli.comparing import print_comparison
from linli.cli.language import echo, spoken
from linli.cli.output import refuse_foreign, replacing
from linli.cli.pack import packs_option
from linli.cli.progress import Watcher, asks_to_stop, watching
from linli.cli.summary import print_summary
from linli.io.deployment import canonical, read_deployment, write_deployment
from linli.io.territory import read_territory
from linli.kernel.errors import LinliError
from linli.kernel.measures import Seconds
from linli.kernel.seeds import Seed
from linli.kernel.texts import catalogue, plain
from linli.planning.composition import KEEPING, compose
from linli.planning.deployment import Deployment
from linli.planning.search import Deadline
from linli.policy.loading import find_pack, load_pack, shipped_packs
from linli.report import write_comparison, write_report
from linli.report.planned_chance import chance_of_plan

__all__ = ["DEPLOYMENT_FILE", "day", "plan"]

say = catalogue("linli.cli")

DEPLOYMENT_FILE = "deployment.json"


def day(ctx: click.Context, parameter: click.Parameter, given: str) -> dt.date:
    """A day written as 2020-06-01.

    Raises
    ------
    LinliError
        It is not one.
    """
    with contextlib.suppress(ValueError):
        return dt.date.fromisoformat(given)
    raise LinliError(say("pack.day", given=given))


@click.command(help="由辖区资料和方案包生成部署方案 · plan a deployment from a territory and a pack")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--pack", "pack_name", required=True, help="方案包名称或文件夹 · id or folder of the pack")
@click.option(
    "--on", required=True, callback=day, help="按哪一天的条款，如 2020-06-01 · the day whose values apply"
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="输出文件夹；已有的须是以前的输出 · folder to write; replaces a former output only",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="随机种子，同种子同结果 · same seed, same bytes",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    help="最多搜索多少秒，默认不限 · most seconds to search; none by default",
)
@click.option(
    "--compare",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="与另一份 deployment.json 对照 · another deployment.json to compare with",
)
@click.option(
    "--keep",
    type=click.FloatRange(min=0),
    default=KEEPING,
    show_default=True,
    help="现有警务区的分量：0 不管现状，0.5 在条款允许时保留，1000 先保留 · weight of today's beats",
)
@packs_option
@click.pass_context
def plan(
    ctx: click.Context,
    folder: Path,
    pack_name: str,
    on: dt.date,
    out: Path,
    seed: int,
    time_limit: float | None,
    compare: Path | None,
    keep: float,
    packs: Path | None,
) -> None:
    """Plan, check nothing half written, and print what came of it."""
    language = spoken(ctx)
    refuse_foreign(out)
    other = None if compare is None else read_deployment(compare)
    territory = read_territory(folder)
    pack_folder = find_pack(pack_name, packs or shipped_packs())
    pack = load_pack(pack_folder)
    scoring = load_scoring(pack_folder, pack)
    limit = None if time_limit is None else Deadline(time.monotonic, Seconds(time.monotonic() + time_limit))
    with (
        asks_to_stop(sys.stderr, language=language) as interrupted,
        watching(sys.stderr, language=language) as watcher,
    ):
        planned = compose(
            territory,
            pack,
            on=on,
            seed=Seed(seed),
            limit=limit,
            interrupted=interrupted,
            watch=watcher,
            keep=keep,
        )
    deployment = canonical(planned)
    with replacing(out) as unfinished, watching(sys.stderr, language=language) as watcher:
        write_deployment(unfinished / DEPLOYMENT_FILE, deployment)
        chance = chance_of_plan(deployment, territory, pack, scoring)
        write_report(
            deployment, territory, unfinished, language=language, done=_telling(watcher), chance=chance
        )
        if other is not None:
            write_comparison(other, deployment, unfinished, territory=territory, language=language)
        written = sorted(path.name for path in unfinished.iterdir())
    print_summary(deployment, language)
    if other is not None:
        print_comparison(other, deployment, language)
    _say_how_it_ended(ctx, deployment)
    echo(ctx, say("plan.written", folder=out, files=plain(", ".join(written))))


def _telling(watcher: Watcher) -> Callable[[str], None]:
    return lambda name: watcher.tell(say("progress.file", name=name))


def _say_how_it_ended(ctx: click.Context, deployment: Deployment) -> None:
    """A plan that was cut short says so; the two ways have different consequences."""
    for search in deployment.searches:
        if search.ended in ("limit", "interrupted"):
            echo(ctx, say(f"plan.{search.ended}", part=say(f"progress.{search.part}")))
