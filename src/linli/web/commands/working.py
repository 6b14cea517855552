"""``linli worker``: a process that does what comes round and what is waiting, until told to stop."""

import signal
import threading
from types import FrameType

import click

from linli.privacy.apart import stop_opening
from linli.web.commands.base import PlatformCommand, echo, say

__all__ = ["worker"]


@click.command(
    cls=PlatformCommand,
    help="后台任务进程：时限、提醒、到期删除、消息推送 · a worker: deadlines, reminders, retention, webhooks",
)
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Work until SIGTERM or Ctrl-C; the piece of work in hand is finished first, a file's opening is not."""
    from linli.web.demonstration.guard import refuse_demonstration
    from linli.web.foundation.jobs.models import Worker
    from linli.web.foundation.jobs.worker import Labourer
    from linli.web.foundation.operations.backup.restoring import settle
    from linli.web.foundation.operations.running import hold

    hold("worker", first=settle)
    Worker.objects.exists()  # says at once that the database is away or not set up
    refuse_demonstration()
    labourer = Labourer()
    _on_signal(labourer.stopping)
    echo(ctx, say("worker.running", id=labourer.id))
    labourer.run()
    echo(ctx, say("worker.stopped"))


def _on_signal(stopping: threading.Event) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        stop_opening()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
