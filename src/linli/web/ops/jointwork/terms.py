"""What time does to agreements: they begin on their day and end when their term is over."""

import datetime as dt

from linli.kernel.texts import catalogue
from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.clocks import zone
from linli.web.ops.jointwork.actions.agreements import BringIntoForce, EndAgreement
from linli.web.ops.jointwork.models import Agreement, Party

__all__ = ["run_terms"]

say = catalogue("linli.web.ops.jointwork")


def run_terms(at: dt.datetime) -> int:
    """Begin what is signed and due, end what is over; each in a transaction of its own."""
    day = today(at, zone())
    waiting = Agreement.objects.filter(
        in_force_at__isnull=True, ended_at__isnull=True, valid_from__lte=day, valid_until__gte=day
    ).exclude(pk__in=Party.objects.filter(signs=True, signed_at__isnull=True).values("agreement_id"))
    over = Agreement.objects.filter(ended_at__isnull=True, valid_until__lt=day)
    starting, ending = list(waiting.values_list("pk", flat=True)), list(over.values_list("pk", flat=True))
    for pk in starting:
        perform(BringIntoForce(agreement_id=pk), SYSTEM, at)
    for pk in ending:
        perform(EndAgreement(agreement_id=pk, reason=say("term_over").zh), SYSTEM, at)
    return len(starting) + len(ending)
