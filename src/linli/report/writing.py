"""Writing a set of files so that a reader finds all of them whole, or none changed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["staged"]

STAGE = ".linli-report-partial"


@contextmanager
def staged(directory: Path) -> Iterator[Path]:
    """A folder to write into; its files move to ``directory`` when the block ends without an error.

    The folder lies inside ``directory`` so that each move is a rename on one file system. After an
    error it is removed and the files of ``directory`` are what they were.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stage = directory / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        yield stage
        for written in sorted(stage.iterdir()):
            written.replace(directory / written.name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
