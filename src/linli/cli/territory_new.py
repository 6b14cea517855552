"""``linli territory new``: a territory of lists as a county publishes them, without an editor."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from linli.cli.language import spoken
from linli.cli.territory_shown import print_notes, print_reading
from linli.io.territory.answers import QUESTIONS, Question, questions_text, read_answers
from linli.io.territory.founding import Founded, Given, found_territory, written_territory
from linli.io.territory.notes import Notebook
from linli.io.territory.published import read_code_list, read_published
from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.texts import Language, catalogue
from linli.territory.datums import coordinate_system
from linli.territory.model import Level

__all__ = ["is_at_terminal", "new"]

say = catalogue(__package__)

LEVELS: Final = (Level.VILLAGE.value, Level.COMMUNITY.value)
ROUNDS: Final = 2
"""Times that questions are asked at a terminal: an answer may lead to one more."""


@click.command(help="由公布的村居名单新建辖区文件夹 · make a territory from lists as they are published")
@click.argument("lists", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="新文件夹，默认用辖区名称 · the new folder")
@click.option("--codes", type=click.Path(path_type=Path), help="区划代码表 · list of 12-digit division codes")
@click.option("--answers", type=click.Path(path_type=Path), help="填好的问题文件 · the answered questions")
@click.option("--name", help="辖区名称 · the territory's name")
@click.option("--name-en", help="英文名称 · its name in English")
@click.option("--county", help="代码表中的区县 · which county of the list of codes")
@click.option("--coordinates", help="坐标系：WGS84、GCJ-02、EPSG:4543…… · the coordinate system")
@click.option("--level", type=click.Choice(LEVELS), help="看不出类别的算村或社区 · level where none is told")
@click.option(
    "--detour", type=click.FloatRange(1, 5), default=1.5, show_default=True, help="绕行系数 · detour"
)
@click.option(
    "--speed",
    type=click.FloatRange(1, 130),
    default=28.0,
    show_default=True,
    help="时速（公里） · speed in km/h",
)
@click.option("--time-zone", default="Asia/Shanghai", show_default=True, help="时区 · time zone")
@click.option("--source", help="来源，默认用标题或文件名 · the source's title")
@click.option("--licence", help="来源的使用许可 · the source's licence")
@click.pass_context
def new(
    ctx: click.Context,
    /,
    lists: Sequence[Path],
    into: Path | None,
    codes: Path | None,
    answers: Path | None,
    **options: Any,
) -> None:
    """Make the folder, or write the questions that the lists leave open and end with exit code 2."""
    language = spoken(ctx)
    said = dict(read_answers(answers)) if answers is not None else {}
    said |= {key: str(options[key]) for key in QUESTIONS if options[key] is not None}
    notebook, founded = _founded(lists, codes, said, options)
    for _ in range(ROUNDS if is_at_terminal() else 0):
        if founded.questions:
            said |= _asked(founded.questions, language)
            notebook, founded = _founded(lists, codes, said, options)
    if founded.questions:
        raise _unanswered(founded, into or Path(lists[0].stem), answers, language)
    folder = into or Path(founded.name)
    reading = written_territory(founded, folder)
    print_notes(notebook.notes, language)
    print_reading(reading, language)
    click.echo(say("territory.new.done", folder=folder).in_(language))


def is_at_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def _founded(
    lists: Sequence[Path], codes: Path | None, said: Mapping[str, str], options: Mapping[str, Any]
) -> tuple[Notebook, Founded]:
    """Read everything anew, so that each note stands once."""
    notebook = Notebook()
    listed = read_published(lists, notebook)
    code_list = None if codes is None else read_code_list(codes, notebook)
    given = Given(
        name=said.get("name"),
        county=said.get("county"),
        coordinates=_system(said.get("coordinates")),
        level=_level(said.get("level")),
        name_en=options["name_en"],
        detour=options["detour"],
        speed=options["speed"],
        time_zone=options["time_zone"],
        source=options["source"],
        licence=options["licence"],
    )
    founded = found_territory(listed, code_list, given, notebook)
    if notebook.fatal:
        raise InputRefused(say("territory.new.refused"), notebook.fatal)
    return notebook, founded


def _system(answer: str | None) -> str | None:
    if answer is not None and coordinate_system(answer) is None:
        raise LinliError(say("territory.new.coordinates", given=answer))
    return answer


def _level(answer: str | None) -> Level | None:
    if answer is not None and answer not in LEVELS:
        raise LinliError(say("territory.new.level", given=answer))
    return None if answer is None else Level(answer)


def _asked(questions: Sequence[Question], language: Language) -> dict[str, str]:
    """The answers of somebody at a terminal; an empty one is none."""
    found = {}
    for asked in questions:
        shown = asked.text.in_(language)
        if asked.choices:
            shown = f"{shown} [{' | '.join(asked.choices)}]"
        found[asked.key] = str(click.prompt(shown, default="", show_default=False)).strip()
    return {key: value for key, value in found.items() if value}


def _unanswered(founded: Founded, folder: Path, answers: Path | None, language: Language) -> LinliError:
    """Write the file of questions; the refusal names it and the options that answer without it."""
    target = folder.with_name(f"{folder.name}.questions.toml")
    if target.exists() and answers is None:
        return LinliError(say("territory.new.questions_there", file=target))
    try:
        target.write_text(questions_text(founded.questions, language), encoding="utf-8")
    except OSError as error:
        return LinliError(say("territory.synthesise.unwritable", target=target, reason=error.strerror))
    options = " ".join(f"--{asked.key}" for asked in founded.questions)
    return LinliError(
        say("territory.new.questions", file=target, count=len(founded.questions), options=options)
    )
