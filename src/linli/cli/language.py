"""The language the command line speaks: ``--language``, then LINLI_LANGUAGE, then Chinese."""

from collections.abc import Callable
from typing import Any, cast

import click

from linli.kernel.texts import Language, Text

__all__ = ["echo", "language_option", "spoken"]

language_option: Callable[..., Any] = click.option(
    "--language",
    "language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    envvar="LINLI_LANGUAGE",
    show_default=True,
    help="输出语言 · language of the output",
)


def spoken(ctx: click.Context) -> Language:
    """The language chosen for this run."""
    chosen = ctx.find_root().obj
    return cast(Language, chosen) if chosen in ("zh", "en") else "zh"


def echo(ctx: click.Context, text: Text) -> None:
    """Print a text in the chosen language."""
    click.echo(text.in_(spoken(ctx)))
