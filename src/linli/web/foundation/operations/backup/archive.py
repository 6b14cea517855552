"""Reads an archive that anybody may have made: its sealed list first, then only what the list names."""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.foundation.operations.backup.manifest import (
    MANIFEST,
    SEAL,
    Kept,
    Manifest,
    digest_of,
    is_sealed,
    knows_key,
    read_manifest,
)

__all__ = ["check_whole", "trusted_manifest", "unpack"]

say = catalogue("linli.web.foundation.operations")

_PIECE: Final = 1 << 20
_LONGEST_LIST: Final = 256 << 20
_MOST_MEMBERS: Final = 5_000_000
_SPARE: Final = 64 << 20
"""Room on the disk that stays free."""


@dataclass
class _Bounded:
    """A stream that gives no large piece at once: a header may ask for as much as it likes."""

    stream: gzip.GzipFile

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= 8 * _PIECE:
            raise tarfile.ReadError("a header of that size")
        return self.stream.read(size)

    def seek(self, place: int) -> int:
        return self.stream.seek(place)

    def tell(self) -> int:
        return self.stream.tell()


def trusted_manifest(path: Path, folder: Path, *, sha256: str = "") -> tuple[Manifest, bool]:
    """What an archive holds, and whether its seal shows that it was made with a key known here.

    Nothing is written. ``sha256`` of the whole archive, written down when it was made, stands for a key
    that is lost.

    Raises
    ------
    LinliError
        It is no archive or breaks off, needs more room than ``folder`` has, or nothing vouches for it.
    """
    texts: dict[str, str] = {}
    room = shutil.disk_usage(folder).free - _SPARE
    with _members(path) as members:
        for member, content in members:
            room -= member.size
            if room < 0:
                raise LinliError(say("backup.no_room", folder=folder))
            if member.name in (MANIFEST, SEAL):
                texts[member.name] = _text(member, content)
    manifest = read_manifest(texts.get(MANIFEST, ""))
    if is_sealed(texts[MANIFEST], texts.get(SEAL, "").strip()):
        return manifest, True
    if knows_key(manifest.key_mark):
        raise LinliError(say("backup.forged"))
    if not sha256:
        raise LinliError(say("backup.other_key"))
    if digest_of(path).sha256 != sha256.strip().lower():
        raise LinliError(say("backup.other_digest"))
    return manifest, False


def _text(member: tarfile.TarInfo, content: IO[bytes]) -> str:
    if member.size > _LONGEST_LIST:
        raise LinliError(say("backup.strange", name=member.name))
    pieces = iter(lambda: content.read(_PIECE), b"")
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError:
        raise LinliError(say("backup.no_manifest")) from None


def unpack(path: Path, manifest: Manifest, folder: Path) -> None:
    """Write what a manifest names into a folder, each file no longer than it says.

    Raises
    ------
    LinliError
        Something else is in the archive, or the disk is full.
    """
    left = {**manifest.files}
    with _members(path) as members:
        for member, content in members:
            if member.name in (MANIFEST, SEAL):
                continue
            kept = left.pop(member.name, None)
            if kept is None or not _inside(folder, member.name):
                raise LinliError(say("backup.strange", name=member.name[:200]))
            if kept.size != member.size:
                raise LinliError(say("backup.changed", name=member.name))
            _write(folder / member.name, content)


def _inside(folder: Path, name: str) -> bool:
    parts = Path(name).parts
    return not Path(name).is_absolute() and ".." not in parts and (folder / name) != folder


def _write(target: Path, content: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        shutil.copyfileobj(content, file, _PIECE)


@contextmanager
def _members(path: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    try:
        with gzip.open(path) as stream:
            with tarfile.open(fileobj=_Bounded(stream), mode="r:") as tar:  # type: ignore[call-overload]
                yield _plain(tar)
            # To the very end, where the archive's own checksum is.
            while stream.read(_PIECE):
                pass
    except FileNotFoundError:
        raise LinliError(say("backup.no_file", file=path)) from None
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, OverflowError, ValueError):
        raise LinliError(say("backup.broken_archive", file=path)) from None
    except OSError as reason:
        raise LinliError(say("backup.not_unpacked", reason=reason.strerror or reason)) from None


def _plain(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for number, member in enumerate(tar):
        content = tar.extractfile(member) if member.isfile() and not member.issparse() else None
        if content is None or number > _MOST_MEMBERS:
            raise LinliError(say("backup.strange", name=member.name[:200]))
        yield member, content
        # Otherwise tarfile remembers every header that it has seen.
        tar.members = []  # type: ignore[attr-defined]


def check_whole(folder: Path, manifest: Manifest) -> None:
    """Compare what was unpacked with the manifest, byte for byte.

    Raises
    ------
    LinliError
        Something is missing or changed.
    """
    for name in sorted(manifest.files):
        if not (folder / name).is_file():
            raise LinliError(say("backup.lacks", name=name))
    if manifest.database not in manifest.files:
        raise LinliError(say("backup.lacks", name=manifest.database))
    _compare(folder, manifest.files)


def _compare(folder: Path, files: Mapping[str, Kept]) -> None:
    for name, kept in sorted(files.items()):
        if digest_of(folder / name) != kept:
            raise LinliError(say("backup.changed", name=name))
