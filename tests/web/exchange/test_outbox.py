"""A slow or endless receiver holds up nobody else; what is sent is signed and allowed at that moment."""

import datetime as dt
import hmac
import importlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from linli.kernel.errors import LinliError
from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.exchange import outbox, posting, subscriptions
from linli.web.foundation.exchange.models import Delivery, Subscription
from linli.web.foundation.exchange.outbox import deliver
from linli.web.foundation.exchange.posting import may_be_asked, post
from linli.web.foundation.exchange.resending import Resend
from linli.web.foundation.exchange.sealing import sealed, unsealed
from linli.web.foundation.exchange.subscriptions import EndSubscription, Subscribe
from linli.web.foundation.exchange.tokens import EndToken, MakeToken
from linli.web.foundation.jobs.timekeeping import read_clock

PATIENCE = 30
"""Seconds after which a test gives up waiting for what should have happened."""
PLAIN = "plain"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Receiver:
    """A partner's program that answers each connection with bytes of its own choosing."""

    answer: Callable[[socket.socket], None]
    port: int = 0
    had: list[bytes] = field(default_factory=list)
    cut: threading.Event = field(default_factory=threading.Event)
    wrote: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?x=1"

    def take(self, one: socket.socket) -> None:
        with one:
            self.had.append(whole(one))
            try:
                self.answer(one)
            except OSError:
                self.cut.set()


def whole(one: socket.socket) -> bytes:
    """A request to its end; what no request is, as far as it came."""
    had = b""
    while part := one.recv(65536):
        had += part
        head, ended, body = had.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        if not had.startswith(b"POST") or (ended and (length is None or len(body) >= int(length[1]))):
            break
    return had


@contextmanager
def receiving(answer: Callable[[Receiver], Callable[[socket.socket], None]]) -> Iterator[Receiver]:
    made = Receiver(lambda _: None)
    made.answer = answer(made)
    with socket.create_server(("127.0.0.1", 0)) as server:
        made.port = server.getsockname()[1]
        threads: list[threading.Thread] = []

        def serve() -> None:
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                threads.append(threading.Thread(target=made.take, args=(one,)))
                threads[-1].start()

        accepting = threading.Thread(target=serve)
        accepting.start()
        yield made
        server.shutdown(socket.SHUT_RDWR)
    for one in (accepting, *threads):
        one.join(PATIENCE)


def fine(receiver: Receiver) -> Callable[[socket.socket], None]:
    return lambda one: one.sendall(OK)


def dripping(receiver: Receiver) -> Callable[[socket.socket], None]:
    """A byte of a header, again and again, for as long as anybody listens."""

    def answer(one: socket.socket) -> None:
        one.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(PATIENCE * 50):
            if receiver.cut.wait(0.02):
                return
            one.sendall(b"x")

    return answer


def endless(receiver: Receiver) -> Callable[[socket.socket], None]:
    """A body without end, as fast as it goes."""

    def answer(one: socket.socket) -> None:
        one.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            receiver.wrote += one.send(b"x" * 65536)

    return answer


def silent(receiver: Receiver) -> Callable[[socket.socket], None]:
    """Nothing at all, until the other side goes."""

    def answer(one: socket.socket) -> None:
        while one.recv(65536):
            pass
        receiver.cut.set()

    return answer


def away(receiver: Receiver) -> Callable[[socket.socket], None]:
    return lambda one: one.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def named(settings) -> Callable[..., None]:  # type: ignore[no-untyped-def]
    def name(*receivers: Receiver) -> None:
        settings.WEBHOOK_HOSTS = [f"127.0.0.1:{one.port}" for one in receivers]

    return name


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of a whole exchange is short."""
    quick = SimpleNamespace(post=lambda *given: post(*given, limit=0.5))
    monkeypatch.setattr(outbox, "post", quick.post)


def opened(stage: Stage, now: dt.datetime, title: str = "路面") -> None:
    perform(OpenCase(kind="request", category="road", title=title, place=stage.place.code), SYSTEM, now)


# Guard 12
@pytest.mark.django_db
@pytest.mark.usefixtures("soon")
def test_a_receiver_that_drips_is_cut_and_holds_up_nobody_else(
    named: Callable[..., None], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    with receiving(dripping) as slow, receiving(fine) as quick:
        named(slow, quick)
        before: list[bool] = []
        quick.answer = lambda one: (before.append(slow.cut.is_set()), one.sendall(OK))[1]
        for one in (slow, quick):
            perform(Subscribe(url=one.url), actor("suozhang"), now)
        for title in ("一", "二", "三"):
            opened(stage, now, title)
        deliver(now)
        assert slow.cut.wait(PATIENCE)
    assert before == [False] * 3
    assert len(slow.had) == 1
    kept = Delivery.objects.filter(subscription__url=slow.url, attempts=1).get()
    assert (kept.status, kept.answer) == ("waiting", "too slow")
    assert Delivery.objects.filter(status="delivered").count() == 3


# Guard 12
@pytest.mark.django_db
@pytest.mark.usefixtures("soon")
def test_a_receiver_that_fails_is_left_alone_longer_each_time_and_a_message_is_given_up_in_the_end(
    named: Callable[..., None], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    with receiving(away) as one:
        named(one)
        perform(Subscribe(url=one.url), actor("suozhang"), now)
        opened(stage, now)
        opened(stage, now, "二")
        assert deliver(now) == 1
        assert deliver(now + dt.timedelta(seconds=29)) == 0
        assert deliver(now + dt.timedelta(seconds=31)) == 1
        assert deliver(now + dt.timedelta(seconds=62)) == 0
        deliver(now + dt.timedelta(days=15))
    assert set(Delivery.objects.values_list("status", flat=True)) == {"given_up"}
    assert all(b" /elsewhere " not in had for had in one.had)


# Guard 12
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("kind", "limit", "said", "taken"),
    [(endless, PATIENCE, "HTTP 200", True), (silent, 0.5, "too slow", False)],
)
def test_an_exchange_ends_with_its_time_and_no_more_than_a_little_of_the_answer_is_read(
    named: Callable[..., None],
    kind: Callable[..., Callable[[socket.socket], None]],
    limit: float,
    said: str,
    taken: bool,
) -> None:
    with receiving(kind) as one:
        named(one)
        answered = post(one.url, {}, b"{}", limit=limit)
        assert one.cut.wait(PATIENCE)
    assert (answered.said, answered.taken) == (said, taken)
    # What the system itself holds for both sides, and not a stream of what the receiver likes to send.
    assert one.wrote < 64 * 1024 * 1024


# Guard 12
@pytest.mark.any_database
def test_a_handshake_that_never_ends_is_cut_and_a_false_certificate_is_no_receiver(
    named: Callable[..., None],
) -> None:
    with receiving(silent) as one:
        named(one)
        url = one.url.replace("http:", "https:")
        assert post(url, {}, b"{}", limit=0.5).said == "too slow"
    with receiving(fine) as plain:
        named(plain)
        assert not post(plain.url.replace("http:", "https:"), {}, b"{}").taken


# Guard 12
@pytest.mark.any_database
def test_private_addresses_are_asked_only_if_they_are_named_themselves(
    settings,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    settings.WEBHOOK_HOSTS = ["partner.example", "10.1.2.3", "192.168.0.9:8443"]
    for address in (
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "192.168.0.9",
        "0.0.0.0",  # noqa: S104
    ):
        assert not may_be_asked(address, "partner.example", 443), address
    for address, port in (("10.1.2.3", 443), ("192.168.0.9", 8443), ("93.184.216.34", 443)):
        assert may_be_asked(address, "partner.example", port), address
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    assert post("https://partner.example/", {}, b"{}").said == "private address not named"


# Guard 12
@pytest.mark.django_db
def test_a_message_is_signed_when_it_is_sent_with_the_secret_as_it_is_then(
    named: Callable[..., None], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    with receiving(fine) as one:
        named(one)
        subscription = perform(Subscribe(url=one.url), actor("suozhang"), now)
        opened(stage, now)
        Subscription.objects.filter(pk=subscription.pk).update(sealed_secret=sealed("another"))
        later = now + dt.timedelta(hours=1)
        assert deliver(later) == 1
    head, _, body = one.had[0].decode().partition("\r\n\r\n")
    found = re.search(r"Linli-Signature: t=(\d+),v1=(\w+)", head)
    assert found is not None
    assert int(found[1]) >= int(later.timestamp())
    assert hmac.new(b"another", f"{found[1]}.{body}".encode(), sha256).hexdigest() == found[2]
    assert head.startswith("POST /hook?x=1 HTTP/1.1\r\n")


# Guard 12
@pytest.mark.django_db
def test_a_message_is_not_sent_of_what_its_owner_may_not_see_by_then_nor_of_an_ended_subscription(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    cast: dict[str, User],
    stage: Stage,
    now: dt.datetime,
) -> None:
    with receiving(fine) as one:
        named(one)
        perform(Subscribe(url=one.url), actor("suozhang"), now)
        ended = perform(Subscribe(url=one.url), actor("minjing"), now)
        opened(stage, now)
        perform(EndSubscription(subscription_id=ended.pk), actor("minjing"), now)
        Grant.objects.filter(user=cast["suozhang"]).update(organisation=stage.other_station)
        deliver(now)
    assert one.had == []
    assert set(Delivery.objects.values_list("status", "answer")) == {
        ("given_up", "may not see the case"), ("given_up", "subscription ended"),
    }  # fmt: skip


# Guard 12
@pytest.mark.django_db
def test_two_workers_are_not_at_the_same_queue(
    named: Callable[..., None], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    with receiving(fine) as one:
        named(one)
        perform(Subscribe(url=one.url), actor("suozhang"), now)
        opened(stage, now)
        Subscription.objects.update(claimed_until=now + dt.timedelta(seconds=60))
        assert deliver(now) == 0
        assert deliver(now + dt.timedelta(seconds=61)) == 1
    assert Subscription.objects.get().claimed_until is None


# Guard 12
@pytest.mark.django_db
def test_a_message_is_sent_again_by_its_owner_alone_and_that_is_an_entry(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    signed_in: Callable[..., Client],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    with receiving(fine) as one:
        named(one)
        subscription = perform(Subscribe(url=one.url), actor("suozhang"), now)
        opened(stage, now)
        message = Delivery.objects.get()
        with pytest.raises(Conflict):
            perform(Resend(delivery_id=message.pk), actor("suozhang"), now)
        deliver(now)
        with pytest.raises(Missing):
            perform(Resend(delivery_id=message.pk), actor("minjing"), now)
        assert signed_in("minjing").post(f"/exchange/outbox/{message.pk}/resend/").status_code == 404
        url = f"/exchange/outbox/{message.pk}/resend/"
        for language, word in (("zh-hans", "重新发送"), ("en", "Send again")):
            page = signed_in("suozhang", language).get("/exchange/").content.decode()
            assert word in page
            assert url in page
        assert signed_in("suozhang").post(url).status_code == 302
        deliver(now)
    assert len(one.had) == 2
    ids = {re.search(rb"Linli-Message: (\S+)", had)[1] for had in one.had}  # type: ignore[index]
    assert ids == {str(message.message_id).encode()}
    assert Entry.objects.get(action="webhook.resend").subject_id == str(subscription.pk)
    perform(EndSubscription(subscription_id=subscription.pk), actor("suozhang"), now)
    with pytest.raises(Conflict):
        perform(Resend(delivery_id=message.pk), actor("suozhang"), now)


# Guard 12
@pytest.mark.django_db
def test_secrets_are_not_in_the_database_and_live_on_when_the_key_changes(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    stage: Stage,
    now: dt.datetime,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    with receiving(fine) as one:
        named(one)
        subscription = perform(Subscribe(url=one.url), actor("suozhang"), now)
        secret, old = subscription.secret, settings.SECRET_KEY
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM exchange_subscription")
            assert secret not in repr(cursor.fetchall())
        opened(stage, now)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
        with pytest.raises(LinliError):
            unsealed(subscription.sealed_secret)
        deliver(now)
        assert Delivery.objects.get().answer == "secret cannot be read"
        settings.SECRET_KEY_FALLBACKS = [old]
        deliver(now + dt.timedelta(hours=1))
    assert Delivery.objects.get().status == "delivered"
    assert unsealed(subscription.sealed_secret) == secret


# Guard 12
@pytest.mark.any_database
def test_secrets_of_before_are_sealed_by_the_upgrade_and_opened_by_going_back() -> None:
    row = SimpleNamespace(secret=PLAIN, sealed_secret="", save=lambda **_: None)
    table = SimpleNamespace(objects=SimpleNamespace(iterator=lambda: [row]))
    module = importlib.import_module("linli.web.foundation.exchange.migrations.0003_outbox")
    module.seal(SimpleNamespace(get_model=lambda *_: table), None)
    assert PLAIN not in row.sealed_secret
    row.secret = ""
    module.unseal(SimpleNamespace(get_model=lambda *_: table), None)
    assert row.secret == PLAIN


# Guard 12
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/a b", "/\r\nX: y", "/路"])
def test_an_address_that_is_no_plain_address_is_refused(
    named: Callable[..., None], actor: Callable[[str], Actor], now: dt.datetime, path: str
) -> None:
    named(Receiver(lambda _: None, port=80))
    with pytest.raises(Invalid):
        perform(Subscribe(url=f"http://127.0.0.1:80{path}"), actor("suozhang"), now)


# Guard 17
@pytest.mark.django_db
def test_what_a_clock_that_had_leapt_put_off_is_sent_when_the_clock_is_right_again(
    named: Callable[..., None], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    later = now + dt.timedelta(days=1000)
    with receiving(away) as one:
        named(one)
        perform(Subscribe(url=one.url), actor("suozhang"), now)
        opened(stage, now)
        read_clock(now)
        read_clock(later)
        assert deliver(later) == 1
        Subscription.objects.update(claimed_until=later + outbox.LEASE)
        read_clock(now)
        one.answer = fine(one)
        assert deliver(now) == 1
    assert Delivery.objects.get().status == "delivered"
    assert Subscription.objects.get().claimed_until is None


# Guard 17
@pytest.mark.django_db
@pytest.mark.parametrize("field_", ["claimed_until", "paused_until"])
def test_what_is_put_off_as_usual_is_not_taken_for_parked(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    stage: Stage,
    now: dt.datetime,
    field_: str,
) -> None:
    with receiving(fine) as one:
        named(one)
        perform(Subscribe(url=one.url), actor("suozhang"), now)
        opened(stage, now)
        Subscription.objects.update(**{field_: now + dt.timedelta(minutes=2)})
        assert deliver(now) == 0


# Guard 12
@pytest.mark.django_db
def test_an_account_has_few_subscriptions_and_all_accounts_together_too(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named(Receiver(lambda _: None, port=1))
    who = actor("suozhang")
    made = [perform(Subscribe(url=f"http://127.0.0.1:1/{i}"), who, now) for i in range(5)]
    with pytest.raises(Conflict, match="at most 5 webhooks"):
        perform(Subscribe(url="http://127.0.0.1:1/x"), who, now)
    perform(EndSubscription(subscription_id=made[0].pk), who, now)
    perform(Subscribe(url="http://127.0.0.1:1/x"), who, now)
    monkeypatch.setattr(subscriptions, "MOST_OF_ALL", 6)
    perform(Subscribe(url="http://127.0.0.1:1/x"), actor("minjing"), now)
    with pytest.raises(Conflict, match="has 6 webhooks"):
        perform(Subscribe(url="http://127.0.0.1:1/y"), actor("minjing"), now)
    assert Subscription.objects.living(now).count() == 6


# Guard 12
@pytest.mark.django_db
def test_an_account_has_few_tokens_that_are_valid(actor: Callable[[str], Actor], now: dt.datetime) -> None:
    who = actor("suozhang")
    made = [perform(MakeToken(title=str(i), days=1 + i % 2), who, now)[0] for i in range(20)]
    with pytest.raises(Conflict, match="at most 20 tokens"):
        perform(MakeToken(title="x", days=1), who, now)
    perform(MakeToken(title="y", days=1), actor("minjing"), now)
    perform(EndToken(token_id=made[0].pk), who, now)
    perform(MakeToken(title="x", days=1), who, now)
    perform(MakeToken(title="x", days=1), who, now + dt.timedelta(days=1, seconds=1))


# Guard 12
@pytest.mark.django_db
def test_a_change_asks_permission_once_an_account_however_much_it_subscribed_to(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = outbox.sees
    monkeypatch.setattr(
        outbox, "sees", lambda one, *rest: asked.append(one.user.username) or real(one, *rest)
    )
    named(Receiver(lambda _: None, port=1))
    for who, kinds in (("suozhang", ()), ("minjing", ()), ("linsuo", ()), ("guihua", ("incident",))):
        for number in range(3):
            perform(Subscribe(url=f"http://127.0.0.1:1/{number}", kinds=kinds), actor(who), now)
    opened(stage, now)
    assert sorted(asked) == ["linsuo", "minjing", "suozhang"]
    told = Delivery.objects.values_list("subscription__user__username", flat=True)
    assert sorted(told) == ["minjing"] * 3 + ["suozhang"] * 3


@contextmanager
def slow_and_quick() -> Iterator[tuple[Receiver, Receiver, threading.Event]]:
    """Two receivers, of which the first answers once the second was asked, or the event is set."""
    come = threading.Event()
    with (
        receiving(lambda _: lambda one: come.wait(PATIENCE) and one.sendall(OK)) as slow,
        receiving(lambda _: lambda one: (come.set(), one.sendall(OK))[1]) as quick,
    ):
        yield slow, quick, come


# Guard 12
@pytest.mark.django_db
def test_slow_receivers_of_one_account_leave_places_to_the_others(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "AT_ONCE", 3)
    with slow_and_quick() as (slow, quick, come):
        named(slow, quick)
        for _ in range(5):
            perform(Subscribe(url=slow.url), actor("suozhang"), now)
        perform(Subscribe(url=quick.url), actor("minjing"), now)
        opened(stage, now)
        # The slow ones answer once the quick one was asked: it must not wait for them.
        sent = deliver(now)
        come.set()
        assert sent == 6
    assert set(Delivery.objects.values_list("status", "attempts")) == {("delivered", 1)}


# Guard 12
@pytest.mark.django_db
def test_what_becomes_due_while_a_slow_receiver_answers_is_sent_in_the_same_run(
    named: Callable[..., None],
    actor: Callable[[str], Actor],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "LOOK", 0.05)
    with slow_and_quick() as (slow, quick, come):
        named(slow, quick)
        perform(Subscribe(url=slow.url), actor("suozhang"), now)
        opened(stage, now)
        real, turns = outbox._take_up, count()

        def take_up(*given: object) -> None:
            # Somebody else's change, once the slow one is under way.
            if next(turns) == 1:
                perform(Subscribe(url=quick.url), actor("minjing"), now)
                opened(stage, now, "二")
            real(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(outbox, "_take_up", take_up)
        sent = deliver(now)
        come.set()
        assert sent == 3
    assert set(Delivery.objects.values_list("status", "attempts")) == {("delivered", 1)}


# Guard 12
@pytest.mark.django_db
def test_queues_that_another_worker_has_count_for_their_account(
    named: Callable[..., None], actor: Callable[[str], Actor], stage: Stage, now: dt.datetime
) -> None:
    named(Receiver(lambda _: None, port=1))
    made = [perform(Subscribe(url=f"http://127.0.0.1:1/{i}"), actor("suozhang"), now) for i in range(5)]
    opened(stage, now)
    Subscription.objects.filter(pk=made[0].pk).update(claimed_until=now + dt.timedelta(seconds=60))
    assert len(outbox._leased(now, 16)) == 1
    assert len(outbox._leased(now, 16)) == 0
