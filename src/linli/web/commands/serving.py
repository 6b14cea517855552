"""``linli serve`` without a folder: the whole platform in one process, and a worker beside it."""

import os
import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import Final

import click

from linli.kernel.errors import LinliError
from linli.kernel.texts import Language, Text
from linli.web.commands.base import answering_database, say, start_django

__all__ = ["serve_platform"]

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
THREADS: Final = 8


def serve_platform(
    *,
    language: Language,
    host: str,
    port: int,
    demo: Path | None,
    load_only: bool = False,
    threads: int = THREADS,
) -> None:
    """Set the database up, load the demonstration if asked to, and serve until told to stop.

    Raises
    ------
    LinliError
        The port is taken, the database does not answer, or made-up accounts would be open to the network.
    """
    if demo is not None:
        os.environ["LINLI_DEMO"] = "1"
    start_django()
    with answering_database():
        _hold()
        _prepare()
        _load(demo, language)
        _look_after_demo(host)
    _collect()
    if load_only:
        _tell_accounts(language)
        return
    _serve(host, port, threads, language)


def _say(text: Text, language: Language) -> None:
    click.echo(text.in_(language))


def _hold() -> None:
    from linli.web.foundation.operations.backup.restoring import settle
    from linli.web.foundation.operations.running import hold

    hold("web", first=settle)


def _prepare() -> None:
    from django.conf import settings

    from linli.web.foundation.operations.migrating import migrate

    for folder in filter(None, (settings.DATA_DIR, settings.MEDIA_ROOT, settings.STATIC_ROOT)):
        Path(folder).mkdir(parents=True, exist_ok=True)
    migrate()


def _collect() -> None:
    from django.conf import settings
    from django.core.management import call_command

    if settings.STATIC_ROOT:
        call_command("collectstatic", verbosity=0, interactive=False)


def _load(demo: Path | None, language: Language) -> None:
    if demo is None:
        return
    from django.utils import timezone

    from linli.web.demonstration.fill import load

    _say(say("serve.loading", folder=demo), language)
    load(
        demo, timezone.now(), tell=lambda part: _say(say("serve.filled", part=part.split(".")[-2]), language)
    )


def _look_after_demo(host: str) -> None:
    """A database with made-up accounts is a demonstration whoever starts it, and for this machine only."""
    from django.conf import settings

    from linli.web.demonstration.fill import is_loaded

    if not is_loaded():
        return
    if settings.PRODUCTION:
        raise LinliError(say("serve.demo_in_production"))
    if host not in LOOPBACK:
        raise LinliError(say("serve.demo_open", host=host))
    settings.DEMO = True


def _tell_accounts(language: Language) -> None:
    from linli.web.demonstration.accounts import print_accounts
    from linli.web.demonstration.fill import is_loaded

    if is_loaded():
        print_accounts(language)


def _serve(host: str, port: int, threads: int, language: Language) -> None:
    from django.urls import get_resolver
    from waitress.server import create_server

    from linli.privacy.apart import stop_opening
    from linli.web.foundation.jobs.worker import Labourer, start_thread
    from linli.web.wsgi import application

    # Every page's code is read now: a mistake in it shows here, and the first visitor does not wait.
    get_resolver().url_patterns  # noqa: B018
    listener = _listen(host, port)
    server = create_server(
        application, sockets=[listener], threads=threads, ident=None, clear_untrusted_proxy_headers=False
    )
    labourer = Labourer()
    worker = start_thread(labourer)
    _on_signal(labourer.stopping)
    shown = f"[{host}]" if ":" in host else host
    _tell_accounts(language)
    _say(say("serve.platform", url=f"http://{shown}:{listener.getsockname()[1]}/"), language)
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        labourer.stopping.set()
        server.close()
        stop_opening()
        worker.join(timeout=10)
    _say(say("serve.stopped"), language)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as reason:
        listener.close()
        raise LinliError(
            say("serve.port_taken", host=host, port=port, reason=reason.strerror or reason)
        ) from None
    return listener


def _on_signal(stopping: threading.Event) -> None:
    """SIGTERM ends the server as Ctrl-C does: what is under way is finished first."""
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
