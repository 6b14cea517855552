"""Keyed digests of what names one sending: neither a key nor a body can be read back or tried out."""

import hashlib
import hmac

from django.conf import settings

__all__ = ["keyed_digest"]


def keyed_digest(purpose: str, *parts: str | bytes) -> str:
    """HMAC-SHA256 over some parts, 64 hexadecimal signs; each part counts with its length."""
    key = hashlib.sha256(f"{purpose}|{settings.SECRET_KEY}".encode()).digest()
    made = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(content).to_bytes(8, "big") + content)
    return made.hexdigest()
