"""Folders for a moment beside the data: whoever is killed leaves one, and the next of its kind sweeps it."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["scratch_folder", "sweep"]


def _none(name: str) -> bool:
    return False


@contextmanager
def scratch_folder(parent: Path, prefix: str, *, keep: Callable[[str], bool] = _none) -> Iterator[Path]:
    """A folder that only its owner can read, gone afterwards; locked, so that nobody sweeps it meanwhile.

    Folders of that prefix whose process is gone are swept first. ``keep`` says of a
    name that its folder stays.
    """
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent, prefix, keep=keep)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        if not keep(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(parent: Path, prefix: str, *, keep: Callable[[str], bool] = _none) -> None:
    """Delete the folders of a prefix that no living process holds, but for those that are to stay."""
    for path in parent.glob(f"{prefix}*"):
        if keep(path.name) or not path.is_dir() or path.is_symlink():
            continue
        lock = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(lock)
