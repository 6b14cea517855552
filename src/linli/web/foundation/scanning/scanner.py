"""Asks a virus scanner about a file, where the installation has one: clamd over its socket.

The protocol is clamd's INSTREAM: length and piece, length and piece, a length of nothing. LINLI_SCANNER
names the socket, ``/run/clamav/clamd.ctl`` or ``host:port``. While it is set, a file that cannot be looked
at is refused: a scanner that was asked for is never passed over in silence.
"""

import socket
import struct
from collections.abc import Set as AbstractSet
from contextlib import closing
from typing import Final

from django.conf import settings

from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.texts import catalogue
from linli.privacy.allowance import is_spent
from linli.privacy.files import (
    ALLOWED,
    MOST_BYTES,
    SPENT,
    CleanFile,
    LookedOver,
    clean_file,
    look_over,
)

__all__ = ["Infected", "Silent", "inspected", "inspected_in_time", "refuse_infected"]

say = catalogue("linli.web.foundation.scanning")

SECONDS: Final = 20.0
PIECE: Final = 256 * 1024
LONGEST_ANSWER: Final = 4096


class Infected(LinliError):
    """The scanner found something."""


class Silent(LinliError):
    """The scanner that was set does not answer, or not as clamd does."""


def inspected(
    name: str,
    content: bytes,
    *,
    allowed: AbstractSet[str] = ALLOWED,
    most_bytes: int = MOST_BYTES,
    behind: bool = False,
) -> CleanFile:
    """The cleaned file, shown to the scanner first; ``behind`` those of pages, where nobody waits for it.

    Raises
    ------
    InputRefused
        As ``linli.privacy.files.inspect_file`` says.
    Infected, Silent
        As ``refuse_infected`` says.
    """
    looked = look_over(name, content, allowed=allowed, most_bytes=most_bytes)
    refuse_infected(content)
    return clean_file(looked, behind=behind)


def inspected_in_time(name: str, content: bytes, *, most_bytes: int = MOST_BYTES) -> CleanFile | LookedOver:
    """The cleaned file, or, where the time for this request's files is spent, one that waits for a job.

    Raises
    ------
    InputRefused, Infected, Silent
        As ``inspected`` says.
    """
    looked = look_over(name, content, most_bytes=most_bytes)
    if is_spent() and looked.opened:
        return looked
    try:
        return inspected(name, content, most_bytes=most_bytes)
    except InputRefused as refused:
        if any(finding.code == SPENT for finding in refused.findings):
            return looked
        raise


def refuse_infected(content: bytes) -> None:
    """Do nothing for a clean file, or where no scanner is set.

    Raises
    ------
    Infected
        Something was found.
    Silent
        The scanner does not answer.
    """
    if not settings.SCANNER:
        return
    try:
        answer = _asked(content)
    except OSError:
        raise Silent(say("scanner.silent")) from None
    if answer.endswith(" FOUND"):
        raise Infected(say("scanner.found"))
    if not answer.endswith(": OK"):
        raise Silent(say("scanner.silent"))


def _asked(content: bytes) -> str:
    with closing(_connected(settings.SCANNER)) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            piece = line.recv(LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(where: str) -> socket.socket:
    host, _, port = where.rpartition(":")
    if host and port.isdecimal():
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(SECONDS)
    try:
        line.connect(where)
    except OSError:
        line.close()
        raise
    return line
