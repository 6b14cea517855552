"""Who the parties are, and whether they agree to mediation after being told their rights (D3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from linli.kernel.texts import Text
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing
from linli.web.foundation.casework.filling import filled
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.foundation.casework.types.register import case_type
from linli.web.ops.disputes.actions.base import KIND, DisputeAction, refuse, say, short, tell
from linli.web.ops.disputes.models import Party

__all__ = ["MOST_PARTIES", "PERSONAL", "AddParty", "NewParty", "RemoveParty", "SetConsent", "party_of"]

MOST_PARTIES: Final = 12
PERSONAL: Final = ("party_name", "party_phone")
"""All that is asked of a party: what to call them by and where to reach them."""


@dataclass(frozen=True, kw_only=True)
class NewParty:
    """A party as it is entered."""

    kind: str
    side: str
    unit_name: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    def wrong(self) -> dict[str, Text]:
        """What cannot be taken, by field."""
        wrong: dict[str, Text] = {}
        if self.kind not in Party.Kind.values:
            wrong["kind"] = say("party.no_kind")
        if self.side not in Party.Side.values:
            wrong["side"] = say("party.no_side")
        reason = short(self.unit_name, 120, required=self.kind == Party.Kind.UNIT)
        if reason is not None:
            wrong["unit_name"] = reason
        if self.kind == Party.Kind.PERSON and not self.name.strip():
            wrong["name"] = say("party.no_name")
        try:
            self.personal()
        except Invalid as refusal:
            wrong |= {key.removeprefix("party_"): text for key, text in refusal.fields.items()}
        return wrong

    def personal(self) -> dict[str, str]:
        """Name and telephone as they are stored, by the fields of the case type."""
        specs = [case_type(KIND).field_by_id[id_] for id_ in PERSONAL]
        given = {"party_name": self.name.strip(), "party_phone": self.phone.strip()}
        return filled(specs, given)[1]

    def keep(self, case: Case) -> Party:
        """Add the party to a dispute under the next number."""
        last = Party.objects.filter(case=case).order_by("-number").first()
        party = Party.objects.create(
            case=case,
            number=1 if last is None else last.number + 1,
            kind=self.kind,
            side=self.side,
            unit_name=self.unit_name.strip() if self.kind == Party.Kind.UNIT else "",
        )
        declared = case_type(KIND).field_by_id
        for id_, value in self.personal().items():
            why = declared[id_].personal
            days = why.keep_days if why is not None else 30
            PersonalValue.objects.create(case=case, role=party.role, field=id_, value=value, keep_days=days)
        return party


def party_of(case: Case, number: int) -> Party:
    """A party of a dispute by its number.

    Raises
    ------
    Missing
        There is none.
    """
    found = Party.objects.filter(case=case, number=number).first()
    if found is None:
        raise Missing(say("party.missing", number=number))
    return found


@dataclass(frozen=True, kw_only=True)
class AddParty(DisputeAction):
    """Enter one more party."""

    name: ClassVar[str] = "dispute.add_party"
    states: ClassVar[tuple[str, ...]] = ("found", "accepted", "mediating", "waiting")
    party: NewParty

    def check_dispute(self, case: Case, context: Context) -> None:
        """There is room, and what is given can be kept."""
        if Party.objects.filter(case=case).count() >= MOST_PARTIES:
            raise Conflict(say("party.too_many", most=MOST_PARTIES))
        refuse(self.party.wrong())

    def change(self, context: Context) -> Case:
        """Keep the party; its name lies apart, and the history only tells its number."""
        case = self.locked()
        party = self.party.keep(case)
        tell(case, "party_added", context, number=party.number)
        return case

    def detail(self) -> Mapping[str, Any]:
        """What kind of party."""
        return {"kind": self.party.kind, "side": self.party.side}


@dataclass(frozen=True, kw_only=True)
class RemoveParty(DisputeAction):
    """Take out a party that was entered by mistake, with everything that was noted of it."""

    name: ClassVar[str] = "dispute.remove_party"
    states: ClassVar[tuple[str, ...]] = ("found", "accepted")
    number: int

    def check_dispute(self, case: Case, context: Context) -> None:
        """It is there."""
        party_of(case, self.number)

    def change(self, context: Context) -> Case:
        """Delete the row and its personal values."""
        case = self.locked()
        party = party_of(case, self.number)
        PersonalValue.objects.filter(case=case, role=party.role).delete()
        party.delete()
        tell(case, "party_removed", context, number=self.number)
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which party."""
        return {"party": self.number}


@dataclass(frozen=True, kw_only=True)
class SetConsent(DisputeAction):
    """Note whether a party agrees to mediation, once told that they may always go to court or complain."""

    name: ClassVar[str] = "dispute.consent"
    states: ClassVar[tuple[str, ...]] = ("found", "accepted", "mediating", "waiting")
    number: int
    agrees: bool
    told_rights: bool

    def check_dispute(self, case: Case, context: Context) -> None:
        """Nobody's consent counts who was not told their rights."""
        party_of(case, self.number)
        if not self.told_rights:
            raise Invalid(say("party.not_told"), {"told_rights": say("party.not_told")})

    def change(self, context: Context) -> Case:
        """Note it with the moment."""
        case = self.locked()
        party = party_of(case, self.number)
        party.consent = Party.Consent.AGREED if self.agrees else Party.Consent.DECLINED
        party.consent_at = party.told_rights_at = context.at
        party.save(update_fields=["consent", "consent_at", "told_rights_at"])
        tell(case, "consent_given" if self.agrees else "consent_declined", context, number=party.number)
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which party, and what it said."""
        return {"party": self.number, "agrees": self.agrees}
