"""Recovery codes are shown once and then kept as a slow hash with a salt (ASVS 5.0, 6.5.2).

The library keeps the seed that they are made of, encrypted: whoever had the key had the codes. Here the
seed goes as soon as its owner has seen the codes; what stays says whether a code is right, and nothing else.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.contrib.auth.hashers import get_hasher
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from linli.web.foundation.accounts.models import User

__all__ = ["codes_left", "take_code", "view"]

HASHES: Final = "hashes"
SALT: Final = "salt"


def view(request: HttpRequest) -> HttpResponse:
    """The library's page; what it has shown is hashed before the page leaves."""
    shown: Callable[[HttpRequest], Any] = view_recovery_codes
    response: HttpResponse = shown(request)
    if hasattr(response, "render"):
        response = response.render()
    if isinstance(request.user, User) and response.status_code == 200:
        _hash_codes(request.user)
    return response


@transaction.atomic
def _hash_codes(user: User) -> None:
    kept = _kept(user)
    if kept is None or HASHES in kept.data:
        return
    salt = secrets.token_hex(16)
    codes = kept.wrap().get_unused_codes()
    # An empty list of the library's own codes: it finds none right, and makes none.
    kept.data = {
        SALT: salt,
        HASHES: [_hash(code, salt) for code in codes],
        "migrated_codes": [],
        "viewed_at": kept.data.get("viewed_at"),
    }
    kept.save(update_fields=["data"])


@transaction.atomic
def take_code(user: User, code: str) -> Authenticator | None:
    """Use a code up; ``None`` where it is not one of those that are left."""
    kept = _kept(user)
    if kept is None or HASHES not in kept.data:
        return None
    given = _hash(code.strip(), kept.data[SALT])
    left = [one for one in kept.data[HASHES] if not secrets.compare_digest(one, given)]
    if len(left) == len(kept.data[HASHES]):
        return None
    kept.data = {**kept.data, HASHES: left}
    kept.save(update_fields=["data"])
    return kept


def codes_left(user: User) -> int:
    """How many codes have not been used."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None:
        return 0
    return len(kept.data[HASHES] if HASHES in kept.data else kept.wrap().get_unused_codes())


def _kept(user: User) -> Authenticator | None:
    of_user = Authenticator.objects.select_for_update().filter(user=user)
    found: Authenticator | None = of_user.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return found


def _hash(code: str, salt: str) -> str:
    """One salt for the codes of an account: a code that is tried costs one hash, not ten."""
    return get_hasher().encode(code, salt)
