"""Lock-out is no weapon: strangers who try passwords lock out strangers, not the device one works with."""

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings as django_settings
from django.test import Client

from linli.web.foundation import clock
from linli.web.foundation.accounts.actions.entry import EndSessions, Unlock
from linli.web.foundation.accounts.addresses import counted_address
from linli.web.foundation.accounts.models import CacheEntry
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.jobs.housekeeping import ATTEMPTS, run_housekeeping
from web.conftest import PASSWORD

TYPED = "hunter2-my-real-passphrase"


def _again(client: Client, password: str = PASSWORD, name: str = "minjing", address: str = "10.1.1.1"):
    """Sign in anew with the device that ``client`` is."""
    fresh = Client(REMOTE_ADDR=address)
    fresh.cookies[django_settings.DEVICE_COOKIE_NAME] = client.cookies[
        django_settings.DEVICE_COOKIE_NAME
    ].value
    fresh.answer = fresh.post("/accounts/login/", {"login": name, "password": password})
    return fresh


# Guard 19
def test_the_right_password_from_a_known_device_passes_although_strangers_tried(enter) -> None:
    known = enter("minjing")
    for number in range(30):
        enter("minjing", "wrong", address=f"10.9.9.{number % 6}")
    assert enter("minjing").answer.status_code != 302
    assert _again(known).answer.status_code == 302
    assert enter("minjing", address="10.77.7.7").answer.status_code != 302


# Guard 19
def test_strangers_in_the_same_network_do_not_use_up_what_a_known_device_may_try(enter, settings) -> None:
    known = enter("minjing")
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": "3/m/ip,10/5m/key"}
    answers = [enter(f"nobody{number}", "wrong").answer.status_code for number in range(5)]
    assert answers[-1] == 429
    assert _again(known).answer.status_code == 302


# Guard 19
def test_wrong_passwords_from_a_known_device_lock_that_device_and_nobody_else(enter) -> None:
    known = enter("minjing")
    for _ in range(4):
        assert _again(known, "wrong").answer.status_code == 200
    # Another network makes it no other device.
    assert _again(known, "wrong", address="10.5.5.5").answer.status_code == 429
    assert _again(known).answer.status_code == 429
    assert enter("minjing").answer.status_code == 302


# Guard 19
def test_a_device_is_known_for_the_accounts_that_signed_in_with_it_only(enter) -> None:
    known = enter("minjing")
    for _ in range(5):
        enter("fujing", "wrong")
    assert _again(known, name="fujing").answer.status_code == 429


# Guard 19
def test_one_computer_is_known_for_all_who_use_it_and_its_cookie_names_none_of_them(enter, cast) -> None:
    first = enter("minjing")
    both = _again(first, name="fujing")
    kept = both.cookies[django_settings.DEVICE_COOKIE_NAME]
    assert kept["httponly"]
    assert kept["samesite"] == "Strict"
    for name in ("minjing", "fujing"):
        assert name not in kept.value
        for _ in range(5):
            enter(name, "wrong")
        assert _again(both, name=name).answer.status_code == 302


# Guard 19
def test_a_forged_or_ended_device_is_a_stranger(enter, cast, actor, now) -> None:
    known = enter("minjing")
    forged = enter("fujing")
    forged.cookies[django_settings.DEVICE_COOKIE_NAME] = (
        known.cookies[django_settings.DEVICE_COOKIE_NAME].value[:-2] + "xx"
    )
    for _ in range(5):
        enter("minjing", "wrong")
    assert _again(forged).answer.status_code == 429
    perform(EndSessions(account_id=cast["minjing"].pk), actor("guanli"), now)
    assert _again(known).answer.status_code == 429


# Guard 19
def test_a_changed_password_keeps_the_device_where_it_was_changed(enter) -> None:
    new = "seven green bicycles 42"
    known, other = enter("minjing"), enter("minjing", address="10.2.2.2")
    known.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    for _ in range(5):
        enter("minjing", "wrong")
    assert _again(known, new).answer.status_code == 302
    assert _again(other, new).answer.status_code == 429


# Guard 19
def test_an_administrator_opens_the_lock_for_all_networks_at_once(enter, cast, actor, now) -> None:
    for number in range(12):
        enter("minjing", "wrong", address=f"10.9.9.{number % 2}")
    assert enter("minjing", address="10.77.7.7").answer.status_code != 302
    perform(Unlock(account_id=cast["minjing"].pk), actor("guanli"), now)
    assert enter("minjing", address="10.77.7.7").answer.status_code == 302
    assert enter("minjing", address="10.9.9.0").answer.status_code == 302


def _kept() -> str:
    tables = (AccessAttempt, AccessFailureLog, AccessLog, CacheEntry, Entry)
    return str([list(table.objects.values()) for table in tables])


# Guard 19
@pytest.mark.parametrize("networks", [1, 12])
def test_the_page_of_a_person_shows_the_lock_of_one_network_and_of_all_and_lifts_it(
    enter, signed_in, cast, networks
) -> None:
    page, admin = f"/people/{cast['minjing'].pk}/", signed_in("guanli")
    assert f"{page}unlock/" not in admin.get(page).content.decode()
    for number in range(12):
        enter("minjing", "wrong", address=f"10.9.{number % networks}.1")
    assert f"{page}unlock/" in admin.get(page).content.decode()
    assert "Locked after" in signed_in("guanli", "en").get(page).content.decode()
    admin.post(f"{page}unlock/")
    assert f"{page}unlock/" not in admin.get(page).content.decode()
    assert enter("minjing", address="10.9.0.1").answer.status_code == 302


# Guard 19
def test_all_addresses_of_one_line_are_counted_as_one(enter) -> None:
    for number in range(5):
        enter("minjing", "wrong", address=f"2001:db8:1:2::{number + 1}")
    assert enter("minjing", address="2001:db8:1:2:ffff::9").answer.status_code == 429
    assert enter("minjing", address="2001:db8:1:3::1").answer.status_code == 302


# Guard 19
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("stated", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
    ],
)
def test_what_an_address_is_counted_by(rf, stated, counted) -> None:
    assert counted_address(rf.get("/", REMOTE_ADDR=stated)) == counted


# Guard 11
@pytest.mark.parametrize("tries", [1, 7])
def test_what_was_typed_as_a_user_name_and_is_none_is_kept_nowhere_in_clear(enter, caplog, tries) -> None:
    for _ in range(tries):
        enter(TYPED, "wrong")
        enter(TYPED.upper(), "wrong")
    assert AccessAttempt.objects.exists()
    assert TYPED not in _kept().lower()
    assert TYPED not in caplog.text.lower()


# Guard 11
def test_wrong_passwords_are_kept_a_day_and_no_longer(enter) -> None:
    enter("minjing", "wrong")
    enter(TYPED, "wrong")
    run_housekeeping(clock.now())
    assert AccessAttempt.objects.count() == 2
    run_housekeeping(clock.now() + 2 * ATTEMPTS)
    assert not AccessAttempt.objects.exists()
    assert not CacheEntry.objects.exists()
    assert not AccessLog.objects.exists()
