"""``linli territory``: check a folder of places, make one from lists, or fill one with made-up data."""

import contextlib
import os
from pathlib import Path

import click

from linli.cli.language import spoken
from linli.cli.territory_new import new
from linli.cli.territory_shown import print_reading
from linli.io.territory import read_territory_with_notes
from linli.io.territory.made_up import positions_text, write_made_up_territory
from linli.kernel.errors import LinliError
from linli.kernel.seeds import Seed
from linli.kernel.texts import catalogue

__all__ = ["territory"]

say = catalogue(__package__)

MOST_PLACES = 1_000_000


@click.group(
    help="辖区数据：由名单新建、检查、合成 · a territory's data: make it of lists, check it, make data up"
)
def territory() -> None:
    """The group of commands about territories."""


@territory.command(help="读取辖区文件夹并说明读到了什么 · read a folder and say what was understood")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, folder: Path) -> None:
    """Print what was understood; broken input ends with exit code 2 and every finding."""
    print_reading(read_territory_with_notes(folder), spoken(ctx))


@territory.command(help="生成合成数据，文件名带 synthetic · make data up, in files named synthetic")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--places",
    type=click.IntRange(1, MOST_PLACES),
    help="整个辖区都合成：村居数 · all made up: how many units",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="随机种子 · random seed")
@click.pass_context
def synthesise(ctx: click.Context, folder: Path, places: int | None, seed: int) -> None:
    """Write made-up positions into a county's folder, or a new folder that is made up as a whole."""
    if places is None:
        target = folder / "positions.synthetic.csv"
        _replace(target, positions_text(folder, seed=Seed(seed)))
    else:
        target = folder
        write_made_up_territory(folder, places, seed=Seed(seed))
    click.echo(say("territory.synthesise.done", target=target).in_(spoken(ctx)))


def _replace(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(target)
    except OSError as error:
        raise LinliError(
            say("territory.synthesise.unwritable", target=target, reason=error.strerror)
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


territory.add_command(new)
