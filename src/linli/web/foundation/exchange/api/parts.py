"""What features add to the API: each its router, registered when the apps are ready."""

from ninja import Router

__all__ = ["parts", "register_part"]

_PARTS: dict[str, Router] = {}


def register_part(prefix: str, router: Router) -> None:
    """Add a router below ``/api/v1`` + prefix; called by an app's ``ready``."""
    _PARTS[prefix] = router


def parts() -> list[tuple[str, Router]]:
    """All of them by prefix."""
    return sorted(_PARTS.items(), key=lambda one: one[0])
