"""Keyed digests of what names one sending: neither a key nor a body can be read back or tried out."""

import hashlib
import hmac

from django.conf import settings

__all__ = ["keyed_digest", "keyed_digests"]


def keyed_digest(purpose: str, *parts: str | bytes) -> str:
    """HMAC-SHA256 over some parts, 64 hexadecimal signs; each part counts with its length."""
    return _digest(settings.SECRET_KEY, purpose, parts)


def keyed_digests(purpose: str, *parts: str | bytes) -> list[str]:
    """The same under today's key and under the old ones, for finding what was kept before a key changed."""
    return [_digest(key, purpose, parts) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(secret: str, purpose: str, parts: tuple[str | bytes, ...]) -> str:
    key = hashlib.sha256(f"{purpose}|{secret}".encode()).digest()
    made = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(content).to_bytes(8, "big") + content)
    return made.hexdigest()
