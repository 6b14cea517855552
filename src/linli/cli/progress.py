"""How far a plan is: a moving bar on a terminal, a quiet line a part elsewhere; and Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from linli.kernel.texts import Language, Text, catalogue
from linli.planning import search

__all__ = ["Watcher", "asks_to_stop", "watching"]

say = catalogue("linli.cli")


@dataclass
class Watcher:
    """Shown every step of every search."""

    language: Language
    stream: TextIO
    bar: Progress | None = None
    seen: dict[str, TaskID | None] = field(default_factory=dict)

    def __call__(self, part: str, step: search.Progress) -> None:
        """Show one step: the current objective, and the gap where a bound is known."""
        if part not in self.seen:
            self.seen[part] = self._begin(part)
        task = self.seen[part]
        if self.bar is not None and task is not None:
            gap = (
                ""
                if step.gap is None
                else say("progress.gap", gap=f"{step.gap * 100:.2f}").in_(self.language)
            )
            self.bar.update(task, completed=step.iteration, objective=f"{step.objective:,.6g}", gap=gap)

    def tell(self, text: Text) -> None:
        """Say that something is done; only on a terminal."""
        if self.bar is not None:
            self.bar.console.print(text.in_(self.language), markup=False, highlight=False)

    def _begin(self, part: str) -> TaskID | None:
        title = say(f"progress.{part}").in_(self.language)
        if self.bar is None:
            self.stream.write(title + "\n")
            self.stream.flush()
            return None
        return self.bar.add_task(title, total=None, objective="", gap="")


@contextmanager
def watching(stream: TextIO, *, language: Language) -> Iterator[Watcher]:
    """A watcher for the time of a plan: a bar if the stream is a terminal, else one line a part."""
    if not stream.isatty():
        yield Watcher(language, stream)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn(say("progress.columns").in_(language)),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        yield Watcher(language, stream, bar)


@contextmanager
def asks_to_stop(stream: TextIO, *, language: Language) -> Iterator[threading.Event]:
    """The event that the first Ctrl-C sets; a second one ends the program as usual.

    Outside the main thread, where signals cannot be caught, the event is simply never set.
    """
    event = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()
        stream.write("\n" + say("plan.interrupting").in_(language) + "\n")

    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, before)
