"""The secret key can be changed: second factors are still read, and are written with the new one."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from cryptography.fernet import InvalidToken

from linli.cli.main import linli
from linli.web.foundation.accounts.models import User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.exchange.subscriptions import EndSubscription, Subscribe

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of a made-up account


@pytest.fixture
def kept(cast: dict[str, User]) -> Authenticator:
    return Authenticator.objects.create(
        user=cast["guihua"], type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
    )


def changed(settings, *former: str) -> None:  # type: ignore[no-untyped-def]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 6, list(former)


def rekey() -> tuple[int, str]:
    told = CliRunner().invoke(linli, ["--language", "en", "platform", "rekey"])
    return told.exit_code, told.output


# Guard 14
def test_a_second_factor_is_read_with_a_former_key_and_written_with_the_new(
    kept: Authenticator, settings
) -> None:
    changed(settings, settings.SECRET_KEY)
    assert get_adapter().decrypt(kept.data["secret"]) == SECRET
    assert rekey() == (0, "1 second factor(s) are encrypted with the key in use.\n")
    settings.SECRET_KEY_FALLBACKS = []
    kept.refresh_from_db()
    assert get_adapter().decrypt(kept.data["secret"]) == SECRET
    assert Entry.objects.get(action="platform.rekey").detail == {"count": 1, "unread": 0}


# Guard 14
def test_a_webhooks_secret_is_written_with_the_new_key_by_the_same_command(actor, now, settings) -> None:
    settings.WEBHOOK_HOSTS = ["partner.example"]
    one = perform(Subscribe(url="https://partner.example/"), actor("minjing"), now)
    secret = one.secret
    changed(settings, settings.SECRET_KEY)
    code, told = rekey()
    assert (code, "1 secret(s) of webhooks are encrypted with the key in use." in told) == (0, True)
    settings.SECRET_KEY_FALLBACKS = []
    one.refresh_from_db()
    assert one.secret == secret
    changed(settings)
    settings.SECRET_KEY = "a third key " * 6
    assert rekey()[0] == 1
    perform(EndSubscription(subscription_id=one.pk), actor("minjing"), now)
    assert rekey()[0] == 0


# Guard 14
def test_one_that_no_key_reads_is_left_and_said(kept: Authenticator, settings) -> None:
    changed(settings)
    with pytest.raises(InvalidToken):
        get_adapter().decrypt(kept.data["secret"])
    code, told = rekey()
    assert code == 1
    assert "LINLI_OLD_SECRET_KEYS" in told
