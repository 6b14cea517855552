"""What lets an account in is ended in one place, also where a sign-in is half done."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from linli.web.foundation import clock
from linli.web.foundation.accounts import credentials
from linli.web.foundation.accounts.actions.entry import EndSessions, ResetPassword, ResetSecondFactor
from linli.web.foundation.accounts.actions.people import Deactivate
from linli.web.foundation.accounts.models import Session
from linli.web.foundation.accounts.sessions import sessions_of
from linli.web.foundation.actions.action import perform
from web.accounts.conftest import code_of
from web.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of made-up accounts
NEW = "seven green bicycles 42"

ENDING = {
    "reset password": lambda pk: ResetPassword(account_id=pk, password="x7mq-x2vn-p9dw"),  # noqa: S106
    "reset second factor": lambda pk: ResetSecondFactor(account_id=pk),
    "stop": lambda pk: Deactivate(account_id=pk, reason="调离"),
    "sign out everywhere": lambda pk: EndSessions(account_id=pk),
}


@pytest.fixture
def ended(monkeypatch) -> list[int]:
    """The accounts whose other credentials were ended."""
    found: list[int] = []
    monkeypatch.setattr(credentials, "_ENDERS", [lambda account, _at: found.append(account) or 0])
    return found


# Guard 5
@pytest.mark.parametrize("way", ENDING)
def test_whatever_ends_an_account_ends_sessions_that_still_wait_for_the_second_factor(
    enter, cast, actor, now, ended, way
) -> None:
    TOTP.activate(cast["minjing"], SECRET)
    waiting = enter("minjing")
    assert waiting.answer["Location"] == "/accounts/2fa/authenticate/"
    perform(ENDING[way](cast["minjing"].pk), actor("guanli"), now)
    waiting.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert waiting.get("/me/").status_code == 302
    assert ended == [cast["minjing"].pk]


# Guard 5
def test_a_changed_password_ends_a_sign_in_with_the_old_one_that_waits_for_the_second_factor(
    enter, cast, ended
) -> None:
    TOTP.activate(cast["minjing"], SECRET)
    waiting = enter("minjing")
    Authenticator.objects.all().delete()
    here = enter("minjing")
    TOTP.activate(cast["minjing"], SECRET)
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    waiting.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert waiting.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    assert ended == [cast["minjing"].pk]


# Guard 5
def test_a_session_half_signed_in_is_not_shown_as_a_device_that_is_signed_in(enter, cast) -> None:
    TOTP.activate(cast["minjing"], SECRET)
    enter("minjing")
    assert Session.objects.filter(account_id=cast["minjing"].pk).count() == 1
    assert not sessions_of(cast["minjing"].pk, clock.now()).exists()


# Guard 5
def test_a_sign_in_that_another_process_finishes_after_the_end_leads_nowhere(enter, cast, actor, now) -> None:
    client = enter("minjing")
    row = Session.objects.get(account_id=cast["minjing"].pk)
    perform(EndSessions(account_id=cast["minjing"].pk), actor("guanli"), now)
    # What a process writes that had read the session before.
    row.save(force_insert=True)
    assert client.get("/me/").status_code == 302


# Guard 5
def test_ending_all_my_other_sessions_ends_their_credentials_and_keeps_this_one(enter, cast, ended) -> None:
    here, elsewhere = enter("minjing"), enter("minjing", address="10.2.2.2")
    here.post("/me/sessions/end/")
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert ended == [cast["minjing"].pk]
