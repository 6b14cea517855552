"""Subscriptions to changes. Linli sends only to hosts that the installation names in LINLI_WEBHOOK_HOSTS."""

import secrets
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import urlsplit

from django.conf import settings

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.exchange.models import Subscription
from linli.web.foundation.exchange.sealing import sealed
from linli.web.foundation.exchange.tokens import locked_epoch

__all__ = ["EndSubscription", "Subscribe", "allowed_host"]

say = catalogue("linli.web.foundation.exchange")

MOST_OF_ONE: Final = 5
MOST_OF_ALL: Final = 50


def allowed_host(url: str) -> bool:
    """Whether messages may go to an address: the settings name its host, and it is HTTPS or this machine.

    Where the host leads to a private address, that is looked at when a message is sent.
    """
    if not (url.isascii() and url.isprintable()) or " " in url:
        return False
    try:
        parts = urlsplit(url)
        place = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    except ValueError:
        return False
    own = parts.hostname in ("127.0.0.1", "localhost")
    named = {parts.hostname, place} & set(settings.WEBHOOK_HOSTS)
    return (
        bool(named) and not parts.username and (parts.scheme == "https" or (parts.scheme == "http" and own))
    )


@dataclass(frozen=True, kw_only=True)
class Subscribe(Action[Subscription]):
    """Have a partner's program told of changes to the cases that the actor may see."""

    name: ClassVar[str] = "webhook.subscribe"
    url: str
    kinds: tuple[str, ...] = ()

    def check(self, context: Context) -> None:
        """An account whose role may, an address that is allowed, kinds that there are."""
        if context.actor.user_id is None:
            raise Forbidden(say("token.no_account"))
        if not may_anywhere(context.actor, "open", "webhook"):
            raise Forbidden(say("webhook.forbidden"))
        if len(self.url) > 300 or not allowed_host(self.url):
            wrong = say("webhook.host")
            raise Invalid(wrong, {"url": wrong})
        if unknown := [kind for kind in self.kinds if kind not in case_types()]:
            wrong = say("webhook.kind", kind=unknown[0][:40])
            raise Invalid(wrong, {"kinds": wrong})
        self._check_count(context)

    def _check_count(self, context: Context) -> None:
        """Each is asked about in everybody's change, so that there are few of an account and in all."""
        locked_epoch(context)
        living = Subscription.objects.living(context.at)
        if living.filter(user_id=context.actor.account).count() >= MOST_OF_ONE:
            raise Conflict(say("webhook.many", most=MOST_OF_ONE))
        if living.count() >= MOST_OF_ALL:
            raise Conflict(say("webhook.many_of_all", most=MOST_OF_ALL))

    def change(self, context: Context) -> Subscription:
        """Keep it with a secret of its own."""
        return Subscription.objects.create(
            user_id=context.actor.account,
            url=self.url,
            kinds=list(self.kinds),
            sealed_secret=sealed(secrets.token_hex(32)),
            second_factor=context.actor.second_factor,
            epoch=locked_epoch(context),
            token_id=context.actor.token_id,
            made_at=context.at,
        )

    def record(self, result: Subscription) -> Record:
        """To where."""
        return Record(
            action=self.name,
            subject_kind="webhook",
            subject_id=str(result.pk),
            detail={"host": urlsplit(self.url).hostname},
        )


@dataclass(frozen=True, kw_only=True)
class EndSubscription(Action[Subscription]):
    """End one of one's own subscriptions; what is in its outbox is not sent any more.

    Whoever has lost the role may still end what it left behind.
    """

    name: ClassVar[str] = "webhook.end"
    subscription_id: int

    def check(self, context: Context) -> None:
        """It is one's own."""
        if not Subscription.objects.filter(pk=self.subscription_id, user_id=context.actor.account).exists():
            there = Subscription.objects.filter(pk=self.subscription_id).exists()
            raise missing(say("webhook.missing"), hidden=there)

    def change(self, context: Context) -> Subscription:
        """End it."""
        one = Subscription.objects.get(pk=self.subscription_id)
        one.active = False
        one.save(update_fields=["active"])
        return one

    def record(self, result: Subscription) -> Record:
        """Which."""
        return Record(action=self.name, subject_kind="webhook", subject_id=str(result.pk))
