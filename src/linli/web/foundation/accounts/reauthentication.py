"""Before something that decides who gets in, whoever asks says the password once more."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.http import HttpRequest

__all__ = ["need_password_again"]


def need_password_again(request: HttpRequest) -> None:
    """Go on where the password or a second factor was given within the last minutes.

    Raises
    ------
    ReauthenticationRequired
        Answered by a page that asks for it and then goes on with the form. The demonstration's password is
        public, so it is not asked for there.
    """
    if not settings.DEMO:
        raise_if_reauthentication_required(request, app="")
