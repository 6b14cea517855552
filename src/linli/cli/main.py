"""The ``linli`` command: every subcommand lives in its own module and is listed here."""

import os
import sys
from typing import Any

import click

from linli import __version__
from linli.cli.deployment import deployment
from linli.cli.language import language_option
from linli.cli.pack import pack
from linli.cli.plan import plan
from linli.cli.serving import serve
from linli.cli.territory import territory
from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.texts import Language

__all__ = ["linli", "main"]


class RefusingGroup(click.Group):
    """Turns a refusal into its sentences on standard error and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a ``LinliError`` ends the program with exit code 2."""
        try:
            return super().invoke(ctx)
        except LinliError as refusal:
            language: Language = ctx.obj if ctx.obj in ("zh", "en") else "zh"
            for line in refusal_lines(refusal, language):
                click.echo(line, err=True)
            ctx.exit(2)


def refusal_lines(refusal: LinliError, language: Language) -> list[str]:
    """The lines a user reads: one for the refusal, one for each finding."""
    lines = [refusal.text.in_(language)]
    if isinstance(refusal, InputRefused):
        lines += [f"  - {finding.sentence(language)}" for finding in refusal.findings]
    return lines


@click.group(
    cls=RefusingGroup,
    help="邻里：把社区警务方案变成可运行的部署 · Linli: from a published plan to a deployment",
)
@language_option
@click.version_option(__version__, package_name="linli")
@click.pass_context
def linli(ctx: click.Context, language: Language) -> None:
    """The root command; its object is the language that all subcommands speak."""
    ctx.obj = language


linli.add_command(deployment)
linli.add_command(pack)
linli.add_command(plan)
linli.add_command(serve)
linli.add_command(territory)


def main() -> None:
    """Entry point of the installed ``linli`` command."""
    os.environ.setdefault("PYTHONUTF8", "1")
    sys.exit(linli(standalone_mode=True))
