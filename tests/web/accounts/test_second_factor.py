"""Second factors: who must have one, setting it up, signing in with it, losing it."""

import re

import pytest
from allauth.mfa.models import Authenticator

from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.audit.models import Entry
from web.accounts.conftest import code_of
from web.conftest import PASSWORD, ROLES

pytestmark = pytest.mark.usefixtures("strict")
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of made-up accounts


def _activate(user) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def _confirm(client) -> None:
    """Whoever changes how an account gets in says the password once more."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def _offered(page: str) -> str:
    """The secret that the page of setting up shows."""
    found = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("role", sorted(roles()))
def test_privileged_roles_set_up_a_second_factor_before_anything_else(enter, role) -> None:
    client = enter(ROLES[role])
    answer = client.get("/")
    # The cast's dispatcher sits in the bureau and reads of the whole county.
    if roles()[role].privileged or role == "dispatcher":
        assert answer.status_code == 302
        assert answer["Location"] == "/accounts/2fa/"
        assert client.get("/accounts/2fa/").status_code == 200
        assert client.get("/me/")["Location"] == "/accounts/2fa/"
    else:
        assert answer.status_code == 200


def test_who_lacks_a_second_factor_can_change_nothing(enter) -> None:
    client = enter("guanli")
    answer = client.post("/people/new/", {"username": "xinren", "display_name": "x", "language": "zh"})
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/2fa/"


@pytest.mark.django_db(transaction=True)
def test_an_authenticator_app_is_set_up_over_the_pages_and_counts_at_once(enter, cast) -> None:
    client = enter("suozhang")
    _confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = _offered(page)
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert client.get("/").status_code == 200
    kept = Authenticator.objects.get(user=cast["suozhang"], type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    assert Entry.objects.filter(action="account.factor_added", subject_id=str(cast["suozhang"].pk)).exists()


def test_a_code_is_asked_at_sign_in_and_a_wrong_one_does_not_open(enter, cast) -> None:
    _activate(cast["suozhang"])
    client = enter("suozhang")
    assert client.answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/me/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)}).status_code == 302
    assert client.get("/").status_code == 200
    assert Entry.objects.filter(action="account.code_failed").count() == 1


def test_a_code_is_used_once(enter, cast) -> None:
    _activate(cast["suozhang"])
    code = code_of(SECRET)
    first, second = enter("suozhang"), enter("suozhang")
    first.post("/accounts/2fa/authenticate/", {"code": code})
    second.post("/accounts/2fa/authenticate/", {"code": code})
    assert first.get("/me/").status_code == 200
    assert second.get("/me/").status_code == 302


def test_an_old_code_does_not_open(enter, cast) -> None:
    import time

    _activate(cast["suozhang"])
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET, at=time.time() - 300)})
    assert client.get("/me/").status_code == 302


def test_codes_cannot_be_tried_without_end(enter, cast) -> None:
    _activate(cast["suozhang"])
    client = enter("suozhang")
    for number in range(12):
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/me/").status_code == 302


def test_wrong_codes_are_counted_for_all_processes_together_and_forgotten_after_a_while(
    enter, cast, monkeypatch
) -> None:
    import datetime as dt

    from django.core.cache import cache

    from linli.web.foundation import clock

    _activate(cast["suozhang"])
    for number in range(11):
        # Each process has a memory of its own; the log is one.
        cache.clear()
        enter("suozhang").post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})
    cache.clear()
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/me/").status_code == 302
    assert Entry.objects.filter(action="account.code_failed").count() == 10
    later = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    cache.clear()
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert client.get("/me/").status_code == 200


def test_a_recovery_code_opens_once(enter, cast) -> None:
    _activate(cast["suozhang"])
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert client.get("/").status_code == 200
    again = enter("suozhang")
    again.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert again.get("/me/").status_code == 302


# Guard D
def test_recovery_codes_are_shown_once_and_then_kept_as_slow_hashes(enter, cast) -> None:
    _activate(cast["suozhang"])
    kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    codes = kept.wrap().get_unused_codes()
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    _confirm(client)
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert all(code in page for code in codes)
    kept.refresh_from_db()
    assert "seed" not in kept.data
    assert len(kept.data["hashes"]) == len(codes)
    assert not any(code in str(kept.data) for code in codes)
    again = client.get("/accounts/2fa/recovery-codes/")
    assert not any(code in again.content.decode() for code in codes)
    assert client.get("/accounts/2fa/").status_code == 200
    for tried, opens in ((codes[3], True), (codes[3], False), ("00000000", False), (codes[4], True)):
        another = enter("suozhang")
        another.post("/accounts/2fa/authenticate/", {"code": tried})
        assert (another.get("/me/").status_code == 200) is opens, tried
    kept.refresh_from_db()
    assert len(kept.data["hashes"]) == len(codes) - 2


# Guard D
@pytest.mark.parametrize("role", ["auxiliary", "officer"])
def test_a_second_factor_can_be_asked_of_everybody(enter, settings, role) -> None:
    settings.SECOND_FACTOR = "everybody"
    assert enter(ROLES[role]).get("/")["Location"] == "/accounts/2fa/"
    settings.SECOND_FACTOR = "privileged"
    assert enter(ROLES[role]).get("/").status_code == 200


def test_a_privileged_role_keeps_its_last_second_factor(enter, cast) -> None:
    _activate(cast["suozhang"])
    client = enter("suozhang")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    _confirm(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_who_need_not_have_a_second_factor_may_take_it_away(enter, cast) -> None:
    _activate(cast["minjing"])
    client = enter("minjing")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    _confirm(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(action="account.factor_removed").exists()


def test_second_factors_are_changed_only_by_who_says_the_password_again(enter, cast) -> None:
    client = enter("minjing")
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
    _confirm(client)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_after_a_reset_by_the_administrator_a_new_one_is_set_up(enter, cast, actor, now) -> None:
    from linli.web.foundation.accounts.actions.entry import ResetSecondFactor
    from linli.web.foundation.actions.action import perform

    _activate(cast["suozhang"])
    perform(ResetSecondFactor(account_id=cast["suozhang"].pk, seconded=True), actor("guanli"), now)
    client = enter("suozhang")
    assert client.get("/")["Location"] == "/accounts/2fa/"


def test_secrets_of_second_factors_are_kept_encrypted(cast) -> None:
    _activate(cast["suozhang"])
    for kept in Authenticator.objects.all():
        assert SECRET not in str(kept.data)
    from linli.web.foundation.accounts.adapter import MFAAdapter

    adapter = MFAAdapter()
    assert adapter.decrypt(adapter.encrypt("秘密")) == "秘密"
    assert adapter.encrypt("a") != adapter.encrypt("a")
