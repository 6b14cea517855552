"""What the sign-in page of a demonstration shows: whom one can sign in as."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from linli.web.demonstration.cast import CAST
from linli.web.demonstration.scene import PASSWORD
from linli.web.foundation.accounts.roles import role_of
from linli.web.foundation.screens.wording import language, said

__all__ = ["accounts"]


def accounts(request: HttpRequest) -> dict[str, Any]:
    """One account a role, on the sign-in page of a demonstration and nowhere else."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    english = language() == "en"
    shown = [(member, role) for member in CAST if (role := role_of(member.role)) is not None]
    return {
        "demonstration_accounts": [
            {
                "username": member.username,
                "label": f"{member.name_en if english else member.name} · {said(role.name)}",
                "password": PASSWORD,
            }
            for member, role in shown
        ]
    }
