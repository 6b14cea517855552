"""``linli assess``: what the plan's rules make of a period, and what chance alone would make of it."""

import importlib
from typing import Final

import click

__all__ = ["DOORS", "assess"]

DOORS: Final = {
    "bulletin": (
        "linli.cli.bulletin",
        "由计算结果生成月度考核通报 · the monthly bulletin from computed figures",
    ),
    "chance": ("linli.cli.chance", "只凭偶然会怎样 · what chance alone would make of the rules"),
    "run": ("linli.cli.assessing", "由事实数据计算指标 · work indicators out from facts"),
    "explain": ("linli.cli.assessing", "解释一个结果，直到每条记录 · open one figure down to its records"),
}
"""Each command's module, imported when it is called, and its line in the list."""


class Doors(click.Group):
    """Finds its commands by ``DOORS``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*DOORS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; its module is imported now."""
        if cmd_name not in DOORS:
            return super().get_command(ctx, cmd_name)
        found: click.Command = getattr(importlib.import_module(DOORS[cmd_name][0]), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        lines = [(name, DOORS[name][1]) for name in self.list_commands(ctx) if name in DOORS]
        with formatter.section("Commands"):
            formatter.write_dl(lines)


@click.group(cls=Doors, help="考核：计算、解释、偶然性 · assessment: compute, explain, chance")
def assess() -> None:
    """The group of assessment commands; each lives in a module of its own."""
