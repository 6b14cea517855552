"""``linli assess bulletin``: the monthly bulletin from the figures that ``linli assess run`` wrote."""

import datetime as dt
from pathlib import Path

import click

from linli.cli.language import echo, spoken
from linli.cli.output import replacing
from linli.kernel.errors import LinliError
from linli.kernel.texts import Language, catalogue

__all__ = ["bulletin"]

bulletin_says = catalogue("linli.report.bulletin")

folder_type = click.Path(path_type=Path, file_okay=False)
file_type = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(help="由计算结果生成月度考核通报 · the monthly bulletin from computed figures")
@click.argument("results", type=folder_type)
@click.option("--out", "out", type=folder_type, required=True, help="输出文件夹 · folder to write")
@click.option(
    "--period", "token", default=None, help="时段，默认最后一个月 · period, by default the last month"
)
@click.option(
    "--facts",
    type=folder_type,
    default=None,
    help="所据的事实数据，取其名称、人口和合成标记 · the facts, for names, residents, made-up records",
)
@click.option(
    "--indicators", "file", type=file_type, default=None, help="自定义指标文件 · your own indicators"
)
@click.option("--packs", type=folder_type, default=None, help="方案包所在文件夹 · folder of packs")
@click.option(
    "--chance",
    type=file_type,
    default=None,
    help="偶然性模拟结果（chance.synthetic.json） · what linli assess chance wrote",
)
@click.option("--issued", default=None, help="印发日期，默认今天 · day of issue, by default today")
@click.option(
    "--language", "language", type=click.Choice(["zh", "en"]), default=None, help="通报的语言 · its language"
)
@click.pass_context
def bulletin(
    ctx: click.Context,
    results: Path,
    out: Path,
    token: str | None,
    facts: Path | None,
    file: Path | None,
    packs: Path | None,
    chance: Path | None,
    issued: str | None,
    language: Language | None,
) -> None:
    """One period's bulletin in one language, into a folder that appears whole or not at all."""
    from linli.report.bulletin import write_bulletin
    from linli.report.bulletin.sources import bulletin_of, open_results

    opened = open_results(results, packs=packs, indicators=file, facts=facts)
    made = bulletin_of(opened, token, issued_on=_day(issued), chance=chance)
    with replacing(out) as folder:
        files = write_bulletin(
            made, folder, language=language or spoken(ctx), evidence=opened.evidence(made.period)
        )
    for path in files:
        echo(ctx, bulletin_says("written", file=out / path.name))


def _day(given: str | None) -> dt.date:
    try:
        return dt.datetime.now(dt.UTC).astimezone().date() if given is None else dt.date.fromisoformat(given)
    except ValueError:
        raise LinliError(bulletin_says("issued", given=given)) from None
