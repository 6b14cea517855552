"""The network address that a request came from, behind as many reverse proxies as the settings say."""

from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

__all__ = ["client_address", "counted_address"]

ONE_LINE: Final = 64
"""Bits of an IPv6 address that one line gets; whoever has it has all 2^64 addresses below."""


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


def counted_address(request: HttpRequest) -> str:
    """What tries from an address are counted by: the address of IPv4, the line's network of IPv6."""
    stated = client_address(request)
    try:
        address = ip_address(stated.partition("%")[0])
    except ValueError:
        return stated
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network(f"{address}/{ONE_LINE}", strict=False).network_address)
