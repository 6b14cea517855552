"""``linli assess``: what the plan's rules make of a period, and what chance alone would make of it."""

import click

__all__ = ["assess"]


@click.group(help="考核：计算、解释、偶然性 · assessment: compute, explain, chance")
def assess() -> None:
    """The group of assessment commands; each lives in a module of its own."""
