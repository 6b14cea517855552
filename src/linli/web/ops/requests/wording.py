"""The texts of this room."""

from linli.kernel.texts import catalogue

__all__ = ["say"]

say = catalogue("linli.web.ops.requests")
