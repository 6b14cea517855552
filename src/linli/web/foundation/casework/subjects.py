"""A case as permission sees it."""

import datetime as dt

from linli.web.foundation.accounts.access import Subject, may
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.accounts.roles import Confidentiality
from linli.web.foundation.casework.models import Case, EmergencyAccess, Share

__all__ = ["may_case", "may_own", "own_subject", "subject_of"]


def own_subject(case: Case) -> Subject:
    """Without shares and emergencies."""
    return Subject(
        kind=case.case_type,
        confidentiality=Confidentiality(case.confidentiality),
        station=case.station_code,
        beat=case.beat_code,
        place=case.place_code,
        organisation_id=case.organisation_id,
        people=frozenset() if case.assignee_id is None else frozenset({case.assignee_id}),
        raised_by=case.opened_by_id,
    )


def subject_of(case: Case, at: dt.datetime) -> Subject:
    """With the organisations it is shared with and the accounts that broke the glass; two queries."""
    own = own_subject(case)
    shares = Share.objects.filter(case=case, ended_at__isnull=True)
    shared = {s.organisation_id for s in shares if s.until is None or s.until > at}
    opened = EmergencyAccess.objects.filter(case=case, until__gt=at).values_list("user_id", flat=True)
    return Subject(
        kind=own.kind,
        confidentiality=own.confidentiality,
        station=own.station,
        beat=own.beat,
        place=own.place,
        organisation_id=own.organisation_id,
        people=own.people,
        raised_by=own.raised_by,
        shared_with=frozenset(shared),
        opened_for=frozenset(opened),
    )


def may_case(actor: Actor, verb: str, case: Case, at: dt.datetime) -> bool:
    """Whether an actor may do something to a case now."""
    return may(actor, verb, own_subject(case)) or may(actor, verb, subject_of(case, at))


def may_own(actor: Actor, verb: str, case: Case) -> bool:
    """Whether an actor may do something to a case by territory, office or assignment, not by a mere share."""
    return may(actor, verb, own_subject(case))
