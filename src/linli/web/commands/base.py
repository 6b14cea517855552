"""What the platform's commands share: setting Django up, the caller's language, the database's failures."""

import atexit
import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import click
import django
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from linli.kernel.errors import LinliError
from linli.kernel.texts import Language, Text, catalogue
from linli.web.starting import nothing_collected

if TYPE_CHECKING:
    from linli.web.foundation.accounts.actor import Actor
    from linli.web.foundation.actions.refusals import Invalid

__all__ = [
    "PlatformCommand",
    "PlatformGroup",
    "answering_database",
    "echo",
    "operator",
    "say",
    "spoken",
    "start_django",
]

say = catalogue("linli.web.commands")

SETTINGS: Final = "linli.web.settings"


def start_django() -> None:
    """Set Django up with the platform's settings, unless that was done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if not apps.ready:
        with nothing_collected():
            django.setup()
        # A command that has ended leaves no log of SQLite's behind that a copy of the file would lack.
        atexit.register(connections.close_all)


@contextmanager
def answering_database() -> Iterator[None]:
    """Turn what a database raises when it is away, or not set up, into a sentence.

    Raises
    ------
    LinliError
        It does not answer, is damaged, or has no tables yet.
    """
    from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

    try:
        yield
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        missing = any(sign in reason for sign in ("no such table", "no such column", "does not exist"))
        raise LinliError(say("database.not_set_up" if missing else "database.away", reason=reason)) from None
    except DatabaseError as error:
        # SQLite's own kind for a file that is none of its own, or torn.
        if type(error) is not DatabaseError:
            raise
        raise LinliError(say("database.damaged", reason=str(error).strip())) from None
    except ImproperlyConfigured as error:
        raise LinliError(say("database.away", reason=str(error))) from None


class PlatformCommand(click.Command):
    """A command that needs the platform's database."""

    def invoke(self, ctx: click.Context) -> Any:
        """Set Django up, then do what the command does."""
        start_django()
        from linli.web.foundation.actions.refusals import Invalid

        try:
            with answering_database():
                return super().invoke(ctx)
        except Invalid as refusal:
            raise LinliError(_with_fields(refusal)) from None


def _with_fields(refusal: "Invalid") -> Text:
    """The refusal and, below it, what is wrong with each field."""
    texts = [refusal.text, *refusal.fields.values()]
    return Text(zh="\n  - ".join(text.zh for text in texts), en="\n  - ".join(text.en for text in texts))


class PlatformGroup(click.Group):
    """A group of such commands."""

    command_class = PlatformCommand


def operator() -> "Actor":
    """Whoever runs the command: the audit log names the machine's account."""
    from linli.web.foundation.accounts.actor import Actor

    return Actor(user_id=None, name=f"{getpass.getuser()}@{socket.gethostname()}"[:64], via="command")


def spoken(ctx: click.Context) -> Language:
    """The language chosen for this run."""
    chosen = ctx.find_root().obj
    return cast(Language, chosen) if chosen in ("zh", "en") else "zh"


def echo(ctx: click.Context, text: Text, *, err: bool = False) -> None:
    """Print a text in the chosen language."""
    click.echo(text.in_(spoken(ctx)), err=err)
