"""One-time codes cannot be tried out: the audit log counts wrong ones, whatever process they came to."""

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from linli.web.foundation import clock
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.recovery_codes import take_code
from linli.web.foundation.audit.models import Entry

__all__ = ["MOST_WRONG", "WITHIN", "CodeAgainForm", "CodeForm"]

MOST_WRONG: Final = 10
WITHIN: Final = dt.timedelta(minutes=15)


def _refuse_too_many(user: User) -> None:
    since = clock.now() - WITHIN
    wrong = Entry.objects.filter(
        subject_kind="account", subject_id=str(user.pk), action="account.code_failed", at__gte=since
    )
    if wrong.count() >= MOST_WRONG:
        raise get_adapter().validation_error("too_many_login_attempts")


def _clean_code(form: Any, by_library: Callable[[], Any]) -> Any:
    """A recovery code by its hash, anything else by the library; neither after too many wrong ones."""
    _refuse_too_many(form.user)
    form.cleaned_data["code"] = unicodedata.normalize("NFKC", form.cleaned_data["code"]).strip()
    taken = take_code(form.user, form.cleaned_data["code"])
    if taken is None:
        return by_library()
    form.authenticator = taken
    return form.cleaned_data["code"]


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code asked for at sign-in."""

    def clean_code(self) -> Any:
        """Refused without being looked at after too many wrong ones."""
        return _clean_code(self, super().clean_code)


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The code asked for again before something important."""

    def clean_code(self) -> Any:
        """Refused without being looked at after too many wrong ones."""
        return _clean_code(self, super().clean_code)
