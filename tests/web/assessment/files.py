"""Closing an answer's files, and not the test's own connection with them."""

from typing import Any

__all__ = ["close_files"]


def close_files(answer: Any) -> None:
    """What ``answer.close()`` does but for the signal that closes the database."""
    for close in answer._resource_closers:
        close()
