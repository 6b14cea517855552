"""An agreement is drafted, signed, comes into force and ends; with it the rules that share cases."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.db.models import Q

from linli.kernel.texts import Text, catalogue
from linli.web.foundation.accounts.access import today
from linli.web.foundation.accounts.models import Organisation
from linli.web.foundation.actions.action import Action, Context
from linli.web.foundation.actions.numbers import numbered
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.base import write_event
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.casework.models import Case, Share, SharingRule
from linli.web.foundation.casework.routing import post_of
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.places.locating import current_map
from linli.web.ops.jointwork.models import Agreement, AgreementRule, Party
from linli.web.ops.jointwork.parties import can_be_party, may_for, own_places

__all__ = ["BringIntoForce", "DraftAgreement", "EndAgreement", "SignAgreement", "shareable_types"]

say = catalogue("linli.web.ops.jointwork")

LONGEST_YEARS: Final = 5


def shareable_types() -> tuple[str, ...]:
    """Types of case that a standing rule may share: none that is held closely or says that it is not."""
    open_types = [(id_, spec) for id_, spec in case_types().items() if spec.shared_by_rule]
    return tuple(id_ for id_, spec in open_types if spec.confidentiality != "sensitive")


def _agreement(pk: int) -> Agreement:
    found = Agreement.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Missing(say("missing"))
    return found


def _parties(agreement: Agreement) -> list[Party]:
    return list(agreement.parties.select_related("organisation"))


def _record(action: str, agreement: Agreement, detail: Mapping[str, Any]) -> Record:
    found = {"number": agreement.number, **detail}
    return Record(action=action, subject_kind="agreement", subject_id=str(agreement.pk), detail=found)


def _who(context: Context) -> int:
    if context.actor.user_id is None:
        raise Forbidden(say("may_not_draft"))
    return context.actor.user_id


@dataclass(frozen=True, kw_only=True)
class DraftAgreement(Action[Agreement]):
    """Write an agreement down; nothing is shared before each party has signed."""

    name: ClassVar[str] = "agreement.draft"
    title: str
    purpose: str
    parties: tuple[int, ...]
    places: tuple[str, ...]
    case_types: tuple[str, ...]
    valid_from: dt.date | None
    valid_until: dt.date | None

    def check(self, context: Context) -> None:
        """Two parties or more, one the actor's; places of theirs; types that may be shared; a term."""
        found = self._organisations()
        if not any(may_for(context.actor, "open", one) for one in found):
            raise Forbidden(say("may_not_draft"))
        wrong: dict[str, Text] = {}
        if not self.title.strip() or len(self.title) > 120:
            wrong["title"] = say("no_title")
        if len(found) < 2 or len(found) != len(set(self.parties)) or not all(map(can_be_party, found)):
            wrong["parties"] = say("few_parties")
        inside = {code for one in found for code in own_places(one, self.places)}
        if not self.places or inside != set(self.places):
            wrong["places"] = say("no_places")
        if not set(self.case_types) <= set(shareable_types()):
            wrong["case_types"] = say("no_types")
        wrong |= self._term(context)
        if wrong:
            raise Invalid(say("refused", count=len(wrong)), wrong)

    def _organisations(self) -> list[Organisation]:
        return list(Organisation.objects.filter(pk__in=self.parties).order_by("pk"))

    def _term(self, context: Context) -> dict[str, Text]:
        if self.valid_from is None or self.valid_until is None:
            return {"valid_until": say("no_term", years=LONGEST_YEARS)}
        longest = self.valid_from + dt.timedelta(days=366 * LONGEST_YEARS)
        day = today(context.at, zone())
        if self.valid_until < max(self.valid_from, day) or self.valid_until > longest:
            return {"valid_until": say("no_term", years=LONGEST_YEARS)}
        return {}

    def change(self, context: Context) -> Agreement:
        """Keep it with its parties and the posts that work at the boundary."""
        stem = f"XY{context.at.astimezone(zone()):%Y}-"
        agreement = numbered(Agreement, stem, lambda number: self._draft(number, context))
        taken = {one.pk for one in self._organisations()}
        for one in self._organisations():
            party = Party.objects.create(agreement=agreement, organisation=one)
            for post in _posts_at(one, self.places):
                if post.pk not in taken:
                    taken.add(post.pk)
                    Party.objects.create(agreement=agreement, organisation=post, signs=False, of=party)
        return agreement

    def _draft(self, number: str, context: Context) -> Agreement:
        assert self.valid_from is not None and self.valid_until is not None  # noqa: S101, PT018 - checked
        return Agreement.objects.create(
            number=number,
            title=self.title.strip(),
            purpose=self.purpose.strip()[:4000],
            place_codes=sorted(set(self.places)),
            case_types=sorted(set(self.case_types)),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            drafted_by_id=_who(context),
            drafted_at=context.at,
        )

    def record(self, result: Agreement) -> Record:
        """Which agreement between whom."""
        return _record(self.name, result, {"parties": sorted(self.parties)})


def _posts_at(party: Organisation, codes: Sequence[str]) -> list[Organisation]:
    """The posts of a station that work at some places."""
    places = current_map()
    if party.kind != Organisation.Kind.STATION or places is None:
        return []
    found = (post_of(places.of_place(code)) for code in own_places(party, codes))
    return list({post.pk: post for post in found if post is not None}.values())


@dataclass(frozen=True, kw_only=True)
class SignAgreement(Action[Agreement]):
    """Confirm for a party that it has signed; with the last signature the agreement can begin."""

    name: ClassVar[str] = "agreement.sign"
    agreement_id: int
    party_id: int
    reference: str = ""

    def check(self, context: Context) -> None:
        """A party that has not signed, whose cases the actor may share; the paper's reference."""
        agreement, party = _agreement(self.agreement_id), self._party()
        if not may_for(context.actor, "share", party.organisation):
            raise Forbidden(say("may_not_sign", name=party.organisation.name))
        if agreement.ended_at is not None or party.signed_at is not None:
            raise Conflict(say("signed_already"))
        if agreement.valid_until < today(context.at, zone()):
            raise Conflict(say("over"))
        if not (self.reference.strip() or agreement.reference) or len(self.reference) > 200:
            raise Invalid(say("no_reference"), {"reference": say("no_reference")})

    def _party(self) -> Party:
        parties = Party.objects.select_related("organisation")
        found = parties.filter(pk=self.party_id, agreement_id=self.agreement_id, signs=True).first()
        if found is None:
            raise Missing(say("missing"))
        return found

    def change(self, context: Context) -> Agreement:
        """Keep who signed; begin if it was the last and the day has come."""
        agreement, party = _agreement(self.agreement_id), self._party()
        party.signed_by_id, party.signed_at = context.actor.user_id, context.at
        party.save(update_fields=["signed_by", "signed_at"])
        if self.reference.strip():
            agreement.reference = self.reference.strip()
            agreement.save(update_fields=["reference"])
        if _ready(agreement, context.at):
            _begin(agreement, context.at)
        return agreement

    def record(self, result: Agreement) -> Record:
        """For which party."""
        return _record(
            self.name, result, {"party": self.party_id, "in_force": result.in_force_at is not None}
        )


def _ready(agreement: Agreement, at: dt.datetime) -> bool:
    unsigned = agreement.parties.filter(signs=True, signed_at__isnull=True).exists()
    return not unsigned and agreement.valid_from <= today(at, zone()) and agreement.ended_at is None


def _begin(agreement: Agreement, at: dt.datetime) -> None:
    """Make the rules: each party's cases at its places of the boundary are shared with the others."""
    agreement.in_force_at = at
    agreement.save(update_fields=["in_force_at"])
    parties = _parties(agreement)
    for giver in (one for one in parties if one.signs):
        places = own_places(giver.organisation, agreement.place_codes)
        takers = [one for one in parties if giver.pk not in (one.pk, one.of_id)]
        for taker in takers if places else ():
            for kind in agreement.case_types:
                rule = SharingRule.objects.create(
                    case_type=kind,
                    station_code=giver.organisation.station_code,
                    place_codes=places,
                    organisation=taker.organisation,
                    reason=_reason(agreement),
                )
                AgreementRule.objects.create(agreement=agreement, rule=rule)


def _reason(agreement: Agreement) -> str:
    return f"{agreement.number} {agreement.title}"


@dataclass(frozen=True, kw_only=True)
class BringIntoForce(Action[Agreement]):
    """Begin a signed agreement on its day."""

    name: ClassVar[str] = "agreement.begin"
    agreement_id: int

    def check(self, context: Context) -> None:
        """A job does this; all have signed and the day has come."""
        if not context.actor.is_system:
            raise Forbidden(say("may_not_draft"))
        agreement = _agreement(self.agreement_id)
        if agreement.in_force_at is not None or not _ready(agreement, context.at):
            raise Conflict(say("signed_already"))

    def change(self, context: Context) -> Agreement:
        """Make the rules."""
        agreement = _agreement(self.agreement_id)
        _begin(agreement, context.at)
        return agreement

    def record(self, result: Agreement) -> Record:
        """Which."""
        return _record(self.name, result, {})


@dataclass(frozen=True, kw_only=True)
class EndAgreement(Action[Agreement]):
    """End an agreement: nothing more is shared by it, and what was shared is no longer seen."""

    name: ClassVar[str] = "agreement.end"
    agreement_id: int
    reason: str

    def check(self, context: Context) -> None:
        """Whoever could sign for a party, with a reason."""
        agreement = _agreement(self.agreement_id)
        signing = [one for one in _parties(agreement) if one.signs]
        if not any(may_for(context.actor, "share", one.organisation) for one in signing):
            raise Forbidden(say("may_not_end"))
        if agreement.ended_at is not None:
            raise Conflict(say("ended_already"))
        if not self.reason.strip() or len(self.reason) > 300:
            raise Invalid(say("no_reason"), {"reason": say("no_reason")})

    def change(self, context: Context) -> Agreement:
        """Switch the rules off and end their shares, each told in its case's history."""
        agreement = _agreement(self.agreement_id)
        agreement.ended_at, agreement.end_reason = context.at, self.reason.strip()
        agreement.save(update_fields=["ended_at", "end_reason"])
        rules = SharingRule.objects.filter(pk__in=agreement.rules.values("rule_id"))
        offices = set(rules.values_list("organisation_id", flat=True))
        rules.update(active=False)
        shares = Share.objects.filter(
            Q(reason=_reason(agreement)),
            kind=Share.Kind.RULE,
            organisation_id__in=offices,
            ended_at__isnull=True,
        )
        for share in shares.select_related("organisation").order_by("case_id"):
            case = Case.objects.select_for_update(of=("self",)).get(pk=share.case_id)
            share.ended_at = context.at
            share.save(update_fields=["ended_at"])
            write_event(case, "unshared", context, detail={"organisation": share.organisation.name})
            case.save(update_fields=["revision"])
        return agreement

    def record(self, result: Agreement) -> Record:
        """Which."""
        return _record(self.name, result, {})
