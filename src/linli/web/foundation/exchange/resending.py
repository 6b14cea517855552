"""A message that was given up, or that the receiver lost, goes into the outbox again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.refusals import Conflict, missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.exchange.models import Delivery, Subscription

__all__ = ["Resend"]

say = catalogue("linli.web.foundation.exchange")


@dataclass(frozen=True, kw_only=True)
class Resend(Action[Delivery]):
    """Send a message of one's own subscription again: the same message, by which the receiver knows it.

    Whether its owner may still see the case is asked when it is sent.
    """

    name: ClassVar[str] = "webhook.resend"
    delivery_id: int

    def check(self, context: Context) -> None:
        """It is of one's own subscription, which goes on, and it does not wait already."""
        found = self._found(context)
        if found is None:
            there = Delivery.objects.filter(pk=self.delivery_id).exists()
            raise missing(say("webhook.no_message"), hidden=there)
        if not found.subscription.lives(context.at):
            raise Conflict(say("webhook.over"))
        if found.status == Delivery.Status.WAITING:
            raise Conflict(say("webhook.waits"))

    def _found(self, context: Context) -> Delivery | None:
        if context.actor.user_id is None:
            return None
        own = Delivery.objects.filter(subscription__user_id=context.actor.account)
        return own.select_related("subscription__user").filter(pk=self.delivery_id).first()

    def change(self, context: Context) -> Delivery:
        """Begin anew, at once: whoever asks knows that the receiver is there again."""
        found = self._found(context)
        assert found is not None  # noqa: S101 - checked above
        found.status, found.attempts = Delivery.Status.WAITING, 0
        found.next_at = found.made_at = context.at
        found.save(update_fields=["status", "attempts", "next_at", "made_at"])
        Subscription.objects.filter(pk=found.subscription_id).update(paused_until=None)
        return found

    def record(self, result: Delivery) -> Record:
        """Which message to which subscription."""
        detail: Mapping[str, Any] = {"message": str(result.message_id)}
        return Record(
            action=self.name,
            subject_kind="webhook",
            subject_id=str(result.subscription_id),
            detail=detail,
        )
