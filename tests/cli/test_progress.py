"""Progress: a bar on a terminal, quiet lines elsewhere; the first Ctrl-C asks, the second ends."""

import io
import os
import signal
import threading

import pytest

from linli.cli.progress import asks_to_stop, watching
from linli.kernel.texts import Text
from linli.planning.search import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_elsewhere_each_part_is_named_once_on_a_line_of_its_own() -> None:
    stream = io.StringIO()
    with watching(stream, language="en") as watcher:
        for iteration in range(5):
            watcher("beats", Progress(iteration, 10.0))
        watcher("staffing", Progress(1, 3.0, 3.0))
        watcher.tell(Text(zh="完成", en="done"))
    assert stream.getvalue() == "Drawing beats\nPosting staff\n"


@pytest.mark.parametrize(("language", "word"), [("zh", "目标值"), ("en", "objective")])
def test_a_terminal_shows_objective_and_gap(language: str, word: str) -> None:
    stream = Terminal()
    with watching(stream, language=language) as watcher:  # type: ignore[arg-type]
        watcher("beats", Progress(7, 1234.0, 1000.0))
        watcher.tell(Text(zh="完成", en="done"))
    shown = stream.getvalue()
    assert word in shown
    assert "1,234" in shown
    assert "18.96" in shown


def test_the_first_interrupt_asks_for_the_best_so_far_and_the_second_ends() -> None:
    stream = io.StringIO()
    before = signal.getsignal(signal.SIGINT)
    with asks_to_stop(stream, language="zh") as asked:
        assert not asked.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.wait(5)
        assert "Ctrl-C" in stream.getvalue()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    seen: list[bool] = []

    def work() -> None:
        with asks_to_stop(io.StringIO(), language="zh") as asked:
            seen.append(asked.is_set())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
