"""Passwords, lock-out, sessions: signing in as people do."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.utils import timezone

from linli.web.foundation import clock
from linli.web.foundation.accounts.models import Session
from linli.web.foundation.accounts.sessions import session_name
from linli.web.foundation.audit.models import Entry
from web.conftest import PASSWORD

NEW = "seven green bicycles 42"  # of made-up accounts


def _inside(client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_right_password_opens_the_home_page(enter) -> None:
    client = enter("minjing")
    assert client.answer.status_code == 302
    assert client.answer["Location"] == "/"
    assert _inside(client)
    assert Entry.objects.filter(action="account.sign_in", address="10.1.1.1").count() == 1


def test_a_wrong_password_and_an_unknown_name_look_the_same(enter, settings) -> None:
    import re

    # A demonstration names its accounts on the page.
    settings.DEMO = False

    def page(name: str) -> str:
        text = enter(name, "wrong wrong wrong").answer.content.decode()
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
        return re.sub(r'nonce="[^"]*"', "", text).replace(name, "NAME")

    assert page("minjing") == page("nobody-here")
    assert not _inside(enter("minjing", "wrong wrong wrong"))


def test_what_was_typed_as_a_user_name_is_not_written_down_unless_it_is_one(enter) -> None:
    enter("my secret passphrase", "x")
    enter("minjing", "x")
    entries = Entry.objects.filter(action="account.sign_in_failed").order_by("pk")
    assert [entry.actor_name for entry in entries] == ["", "民警 王"]
    assert "passphrase" not in str(list(entries.values()))


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ("15 分钟", "管理员")), ("en", ("15 minutes", "administrator"))]
)
def test_an_account_is_locked_after_five_wrong_passwords_and_the_page_says_for_how_long(
    enter, language, words
) -> None:
    for _ in range(4):
        assert enter("minjing", "wrong", language=language).answer.status_code == 200
    locked = enter("minjing", "wrong", language=language).answer
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert all(word in locked.content.decode() for word in words)
    right = enter("minjing", PASSWORD, language=language)
    assert right.answer.status_code == 429
    assert not _inside(right)
    assert Entry.objects.filter(action="account.locked").exists()


def test_others_behind_the_same_address_are_not_locked_out(enter) -> None:
    for _ in range(5):
        enter("minjing", "wrong")
    assert _inside(enter("fujing"))


def test_the_lock_opens_after_a_quarter_of_an_hour(enter) -> None:
    from axes.models import AccessAttempt

    for _ in range(5):
        enter("minjing", "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert _inside(enter("minjing"))


def test_many_sign_ins_from_one_address_are_slowed_down(enter, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": "100/m/ip"}
    answers = [enter(f"nobody{number}", "wrong").answer.status_code for number in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_a_session_gets_a_new_key_when_it_is_signed_in(cast) -> None:
    from django.test import Client

    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post("/accounts/login/", {"login": "minjing", "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_on_the_server(enter) -> None:
    client = enter("minjing")
    key = client.session.session_key
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["sessionid"] = key
    assert not _inside(client)


def test_a_session_ends_after_half_an_hour_without_work(enter, monkeypatch) -> None:
    client = enter("minjing")
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(minutes=29))
    assert _inside(client)
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(minutes=58))
    assert _inside(client)
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(minutes=89))
    assert not _inside(client)


def test_a_session_ends_with_the_shift_however_busy(enter, monkeypatch) -> None:
    client = enter("minjing")
    start = clock.now()
    for minutes in range(20, 12 * 60, 20):
        monkeypatch.setattr(clock, "now", lambda m=minutes: start + dt.timedelta(minutes=m))
        assert _inside(client), minutes
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(hours=12, minutes=1))
    assert not _inside(client)


def test_a_changed_password_signs_out_everywhere_else(enter) -> None:
    here, elsewhere = enter("minjing"), enter("minjing", address="10.2.2.2")
    answer = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302
    assert _inside(here)
    assert not _inside(elsewhere)
    assert _inside(enter("minjing", NEW))
    assert not _inside(enter("minjing", PASSWORD))
    assert Entry.objects.filter(action="account.password_changed").count() == 1


def test_the_old_password_is_asked_for_a_new_one(enter) -> None:
    client = enter("minjing")
    client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert not _inside(enter("minjing", NEW))


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "password1234",
        "qwertyuiop123",
        "123456789012",
        "minjing12345",
        "aaaaaaaaaaaaaa",
        "abababababab",
        "linli1234567",
        "mima88888888",
        "x7" * 70,
    ],
)
def test_a_weak_password_is_refused(enter, password) -> None:
    client = enter("minjing")
    client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert not _inside(enter("minjing", password))


@pytest.mark.parametrize(
    "password",
    [
        "correct donkey battery",
        "我每天早上骑车去买三个包子！",
        "x" * 5 + " ünïcode 🚲 pass",
        "k7mq x2vn p9dw" * 4,
    ],
)
def test_any_signs_are_allowed_in_a_password_and_none_is_demanded(enter, password) -> None:
    client = enter("minjing")
    client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert _inside(enter("minjing", password))


def test_passwords_are_kept_as_argon2_hashes(settings) -> None:
    from linli.web import settings as ours

    assert ours.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_password_may_be_pasted_and_managers_may_fill_it_in(cast, language) -> None:
    from django.test import Client

    page = Client(headers={"accept-language": language}).get("/accounts/login/").content.decode()
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_a_temporary_password_must_be_changed_before_anything_else(enter, cast, now) -> None:
    user = cast["minjing"]
    user.temporary_until = clock.now() + dt.timedelta(days=3)
    user.save()
    client = enter("minjing")
    assert client.get("/")["Location"] == "/accounts/password/change/"
    assert client.get("/cases/")["Location"] == "/accounts/password/change/"
    assert client.post("/cases/X/note/", {"text": "x"})["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/password/change/").status_code == 200
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "三天"), ("en", "three days")])
def test_a_temporary_password_ends(enter, cast, language, word) -> None:
    user = cast["minjing"]
    user.temporary_until = clock.now() - dt.timedelta(seconds=1)
    user.save()
    client = enter("minjing", language=language)
    assert client.answer.status_code == 403
    assert word in client.answer.content.decode()
    assert not _inside(client)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "我的账号"), ("en", "My account")])
def test_my_account_shows_where_i_am_signed_in_and_ends_it(enter, cast, language, words) -> None:
    here = enter("minjing", language=language)
    elsewhere, third = enter("minjing", address="10.2.2.2"), enter("minjing", address="10.3.3.3")
    page = here.get("/me/").content.decode()
    assert words in page
    assert "10.2.2.2" in page
    assert "Testbrowser/1.0" in page
    for client in (here, elsewhere, third):
        assert client.session.session_key not in page
    here.post("/me/sessions/end/", {"session": session_name(elsewhere.session.session_key)})
    assert not _inside(elsewhere)
    assert _inside(third)
    here.post("/me/sessions/end/")
    assert not _inside(third)
    assert _inside(here)
    assert Entry.objects.filter(action="account.end_session").count() == 2


# Guard D
def test_a_sixth_session_ends_the_one_that_has_been_idle_longest(enter, cast, monkeypatch) -> None:
    clients = [enter("minjing", address=f"10.2.2.{n}") for n in range(5)]
    assert all(_inside(one) for one in clients)
    # The second has not been used since.
    from linli.web.foundation.accounts.models import Session

    idle = Session.objects.get(session_key=clients[1].session.session_key)
    Session.objects.filter(pk=idle.pk).update(expire_date=idle.expire_date - dt.timedelta(minutes=20))
    sixth = enter("minjing", address="10.2.2.9")
    assert [_inside(one) for one in [*clients, sixth]] == [True, False, True, True, True, True]


# Guard D
@pytest.mark.parametrize("which", ["one", "all"])
def test_sessions_are_ended_by_who_has_just_said_the_password_again(enter, settings, which) -> None:
    settings.DEMO = False
    here, elsewhere = enter("minjing"), enter("minjing", address="10.2.2.2")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    form = {"session": session_name(elsewhere.session.session_key)} if which == "one" else {}
    assert here.post("/me/sessions/end/", form)["Location"].startswith("/accounts/reauthenticate/")
    assert _inside(elsewhere)


def test_nobody_ends_another_persons_session(enter) -> None:
    here, other = enter("minjing"), enter("fujing")
    here.post("/me/sessions/end/", {"session": session_name(other.session.session_key)})
    here.post("/me/sessions/end/")
    assert _inside(other)


def test_nobody_makes_an_account_of_their_own(cast) -> None:
    from django.test import Client

    from linli.web.foundation.accounts.models import User

    before = User.objects.count()
    Client().post("/accounts/signup/", {"username": "x", "password1": NEW, "password2": NEW})
    assert User.objects.count() == before


def test_after_signing_in_one_is_not_sent_to_another_site(cast) -> None:
    from django.test import Client

    for target in ("https://evil.example/", "//evil.example/", "https:evil.example", "\\\\evil.example"):
        answer = Client().post("/accounts/login/", {"login": "minjing", "password": PASSWORD, "next": target})
        assert answer.status_code == 302
        assert answer["Location"] == "/"
    answer = Client().post("/accounts/login/", {"login": "minjing", "password": PASSWORD, "next": "/cases/"})
    assert answer["Location"] == "/cases/"


def test_the_address_of_a_client_behind_a_proxy_is_the_one_that_the_proxy_saw(enter, settings, rf) -> None:
    from linli.web.foundation.accounts.addresses import client_address

    def address(forwarded: str) -> str:
        return client_address(rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded))

    assert address("9.9.9.9") == "127.0.0.1"
    settings.PROXY_COUNT = 1
    assert address("9.9.9.9, 10.5.5.5") == "10.5.5.5"
    assert address("10.5.5.5") == "10.5.5.5"
    assert address("") == "127.0.0.1"
    assert address("<script>") == "127.0.0.1"
    settings.PROXY_COUNT = 2
    assert address("9.9.9.9, 10.5.5.5, 10.6.6.6") == "10.5.5.5"
    assert address("10.6.6.6") == "127.0.0.1"


@pytest.mark.django_db
def test_a_database_that_is_away_does_not_end_a_session(cast, signed_in, monkeypatch) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("server closed the connection")

    client = signed_in("minjing")
    monkeypatch.setattr(Session, "save", away)
    session = client.session
    session["seen_at"] = 1
    with pytest.raises(OperationalError):
        session.save()
