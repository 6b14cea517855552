"""The folder a plan is written to: it appears whole or not at all, and nothing of anyone else's is lost."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["MANIFEST", "refuse_foreign", "replacing"]

say = catalogue("linli.cli")

MANIFEST: Final = ".linli-output.json"
"""Lists the files that Linli wrote into a folder, so that it never replaces a folder with others in it."""


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that is there and is not a former output of Linli.

    Raises
    ------
    LinliError
        It is a file, or it holds anything that Linli did not write.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise LinliError(say("output.not_a_folder", folder=folder))
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    foreign = sorted(found - _written(folder) - {MANIFEST})
    if foreign:
        raise LinliError(say("output.foreign", folder=folder, file=foreign[0], count=len(foreign)))


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A sibling folder to write into; it takes the place of ``folder`` when the block ends without an error.

    Raises
    ------
    LinliError
        As ``refuse_foreign``, before anything is written.
    """
    refuse_foreign(folder)
    folder = folder.absolute()
    unfinished = folder.with_name(f".{folder.name}.linli-unfinished")
    former = folder.with_name(f".{folder.name}.linli-former")
    for leftover in (unfinished, former):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        _write_manifest(unfinished)
        if folder.exists():
            folder.replace(former)
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _write_manifest(folder: Path) -> None:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    text = json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _written(folder: Path) -> set[str]:
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {str(name) for name in listed}
