"""One message to one receiver: bounded as a whole in time and size, to an address that may be asked.

A time limit on each read does not bound an exchange whose receiver sends one byte now and then. Here a
watchdog shuts the connection when the time of the whole exchange is over, whatever it waits for. Of the
answer only the status counts, and of its body no more than ``MOST_ANSWER`` bytes are read. Redirects are not
followed. The host is resolved once, looked at, and connected to by the address that was looked at. Looking
up a name is the system's and bounded by its own settings.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

__all__ = ["LIMIT", "MOST_ANSWER", "Answered", "post"]

LIMIT: Final = 10.0
"""Seconds for the whole exchange, from connecting to the end of the answer."""
MOST_ANSWER: Final = 64 * 1024


@dataclass(frozen=True)
class Answered:
    """Whether a message was taken, and what is shown of the answer; never what the receiver wrote."""

    taken: bool
    said: str


def post(url: str, headers: Mapping[str, str], body: bytes, *, limit: float = LIMIT) -> Answered:
    """Send a message and wait for the answer, ``limit`` seconds at most; what goes wrong is an answer too."""
    watchdog = _Watchdog(limit)
    try:
        parts = urlsplit(url)
        with contextlib.closing(watchdog), _connected(parts, watchdog) as connection:
            return _exchange(connection, parts, dict(headers), body, watchdog)
    except _NotAllowed as reason:
        return Answered(taken=False, said=str(reason))
    except (OSError, http.client.HTTPException, ValueError) as reason:
        return Answered(taken=False, said="too slow" if watchdog.over else type(reason).__name__)


class _NotAllowed(Exception):
    pass


class _Watchdog:
    """Cuts the connection that it is shown when the time is over."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._ends = time.monotonic() + limit
        self._timer = threading.Timer(limit, self._cut)
        self._timer.daemon = True
        self._connection: socket.socket | None = None
        self._timer.start()

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._ends

    def watch(self, connection: socket.socket) -> None:
        """Cut this one, by now at once where the time is over."""
        self._connection = connection
        if self.over:
            self._cut()

    def _cut(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                # Not TLS's own, which would wait for the other side.
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop watching."""
        self._timer.cancel()


def _connected(parts: SplitResult, watchdog: _Watchdog) -> socket.socket:
    """The open connection, encrypted where the address says so."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    family, address = _looked_up(parts.hostname or "", port)
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(watchdog.limit)
        connection.connect(address)
        # Only now there is something to cut; connecting has a limit of its own.
        watchdog.watch(connection)
        if parts.scheme == "https":
            secured = ssl.create_default_context().wrap_socket(
                connection, server_hostname=parts.hostname, do_handshake_on_connect=False
            )
            connection = secured
            watchdog.watch(secured)
            secured.do_handshake()
    except BaseException:
        connection.close()
        raise
    return connection


def _looked_up(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """The first address of a host that may be asked: public, or named in the settings by itself."""
    for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if may_be_asked(str(address[0]), host, port):
            return family, address  # type: ignore[return-value]  # two or four parts, as the family has it
    raise _NotAllowed("private address not named")


def may_be_asked(address: str, host: str, port: int) -> bool:
    """Whether a network address that a host leads to is public, or named in ``LINLI_WEBHOOK_HOSTS``."""
    named = set(settings.WEBHOOK_HOSTS)
    if host == "localhost" and {host, f"{host}:{port}"} & named:
        return True
    return ip_address(address.partition("%")[0]).is_global or bool({address, f"{address}:{port}"} & named)


def _exchange(
    connection: socket.socket, parts: SplitResult, headers: dict[str, str], body: bytes, watchdog: _Watchdog
) -> Answered:
    exchange = http.client.HTTPConnection(parts.hostname or "", parts.port)
    exchange.sock = connection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    exchange.request(
        "POST", target, body=body, headers={**headers, "Host": parts.netloc, "Connection": "close"}
    )
    answer = exchange.getresponse()
    if watchdog.over:
        # Headers that were cut read as if they had ended.
        raise TimeoutError
    _read_some(answer)
    return Answered(taken=200 <= answer.status < 300, said=f"HTTP {answer.status}")


def _read_some(answer: http.client.HTTPResponse) -> None:
    """A little of the body, so that a receiver is not cut off while it writes; its status is known by now."""
    left = MOST_ANSWER
    try:
        while left > 0 and (part := answer.read1(min(left, 8192))):
            left -= len(part)
    except (OSError, http.client.HTTPException, ValueError):
        return
