"""The network address that a request came from, behind as many reverse proxies as the settings say."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

__all__ = ["client_address"]


def client_address(request: HttpRequest) -> str:
    """The address of the client; ``""`` where there is none.

    ``X-Forwarded-For`` is read only as far as trusted proxies have written it: whatever a client puts
    in front of that is not believed.
    """
    peer: str = request.META.get("REMOTE_ADDR", "") or ""
    if settings.PROXY_COUNT == 0:
        return peer
    passed = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if len(passed) < settings.PROXY_COUNT:
        return peer
    stated = passed[-settings.PROXY_COUNT]
    try:
        # A zone ("fe80::1%eth0") may hold anything and tells nothing outside of that machine.
        return str(ip_address(stated.partition("%")[0]))
    except ValueError:
        return peer
