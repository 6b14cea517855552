"""What ``linli facts export`` does on the platform's side."""

from pathlib import Path

import click

from linli.web.commands.base import answering_database, echo, operator, say, start_django

__all__ = ["export_to"]


def export_to(ctx: click.Context, folder: Path, *, whole: bool) -> None:
    """Export the platform's facts into a folder, noted in the audit log, and say what was written.

    Raises
    ------
    LinliError
        The database does not answer, or the folder cannot be written to.
    """
    start_django()
    from django.utils import timezone

    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.facts.exporting import ExportFacts, export_facts

    at = timezone.now()
    with answering_database():
        perform(ExportFacts(folder=str(folder), whole=whole), operator(), at)
        done = export_facts(folder, at, whole=whole)
    for table, rows in done.rows.items():
        echo(ctx, say("facts.table", table=table, rows=rows))
    echo(ctx, say("facts.whole" if done.whole else "facts.changed", folder=folder))
