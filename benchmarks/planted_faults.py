"""Plants each fault of ``tests/mutants`` in a copy of the tree: do the tests nearest to it notice?

Usage: ``python benchmarks/planted_faults.py [--jobs N] [ID ...]``. Ends with 1 if one is not caught, or
cannot be planted because the text it replaces is no longer there once. ``DATABASE_URL`` chooses the database.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "mutants"
LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "node_modules", "out", "build", "dist", "linli-data", "htmlcov"
)
PATIENCE = 900.0
BEGUN = int(time.time())


@dataclass(frozen=True)
class Fault:
    """A change of one place that would undo what some tests hold.

    ``line`` is the line of issue 9 that the fault belongs to, or "earlier".
    """

    id: str
    what: str
    line: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"src/linli/{self.file}"


def faults() -> list[Fault]:
    """Every fault of the list, file by file."""
    return [
        Fault(**{**row, "tests": tuple(row["tests"])})
        for file in sorted(LIST.glob("*.toml"))
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["fault"]
    ]


class Ground:
    """A copy of the tree to plant faults in, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.written = 0
        shutil.copytree(ROOT, self.tree, ignore=LEFT_OUT)

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        file = self.tree / fault.path
        whole = file.read_text(encoding="utf-8")
        self._write(file, whole.replace(fault.text, fault.instead))
        try:
            yield
        finally:
            self._write(file, whole)

    def _write(self, file: Path, text: str) -> None:
        """Write a file and give it a second of its own, by which Python knows what it compiled."""
        file.write_text(text, encoding="utf-8")
        self.written += 1
        os.utime(file, (BEGUN + self.written, BEGUN + self.written))

    def verdict(self, fault: Fault) -> tuple[str, str]:
        """``caught``, or why not; and the test that noticed or what pytest said last."""
        found = (self.tree / fault.path).read_text(encoding="utf-8").count(fault.text)
        if found != 1:
            return "not planted", f"its text is there {found} times"
        with self.planted(fault):
            try:
                done = self._test(fault.tests)
            except subprocess.TimeoutExpired:
                return "too slow", f"no answer after {PATIENCE:.0f} s"
        noticed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        said = (noticed or done.stdout.splitlines() or done.stderr.splitlines() or [""])[-1]
        return {0: "ALIVE", 1: "caught"}.get(done.returncode, "does not run"), said[:160]

    def _test(self, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(self.tree / "src")}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests]
        return subprocess.run(
            command,
            cwd=self.tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )


def main() -> int:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--jobs", type=int, default=2)
    reading.add_argument("ids", nargs="*")
    asked = reading.parse_args()
    wanted = [fault for fault in faults() if not asked.ids or fault.id in asked.ids]
    with tempfile.TemporaryDirectory(prefix="linli-faults-") as folder:
        grounds: SimpleQueue[Ground] = SimpleQueue()
        for number in range(asked.jobs):
            grounds.put(Ground(Path(folder) / str(number)))

        def judge(fault: Fault) -> bool:
            ground, begun = grounds.get(), time.monotonic()
            try:
                verdict, said = ground.verdict(fault)
            finally:
                grounds.put(ground)
            took = time.monotonic() - begun
            print(f"{fault.id:6} {verdict:12} {took:5.0f} s  {fault.what} · {said}", flush=True)
            return verdict == "caught"

        with ThreadPoolExecutor(asked.jobs) as at_once:
            caught = list(at_once.map(judge, wanted))
    print(f"{sum(caught)} of {len(wanted)} planted faults are caught")
    return 0 if wanted and all(caught) else 1


if __name__ == "__main__":
    sys.exit(main())
