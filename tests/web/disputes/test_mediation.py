"""A dispute from intake to a fulfilled agreement, and everything that must be refused on the way."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage

from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.deadlines import run_retention
from linli.web.foundation.casework.actions.moving import Move
from linli.web.foundation.casework.models import Case, PersonalValue
from linli.web.ops.disputes.actions.agreeing import KeepSigned, ReachAgreement, Term, current_agreement
from linli.web.ops.disputes.actions.fulfilling import CheckKept, MarkObligation, Relapse
from linli.web.ops.disputes.actions.mediating import (
    Appoint,
    Begin,
    CancelSession,
    HoldSession,
    PlanSession,
    SetLevel,
    TakeOn,
)
from linli.web.ops.disputes.actions.parties import AddParty, NewParty, RemoveParty, SetConsent
from web.disputes.telling import PARTIES, Teller

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""Enough of a PDF to be told apart."""


def test_a_water_dispute_goes_from_intake_to_a_fulfilled_agreement(teller: Teller) -> None:
    case = teller.fulfilled()
    assert (case.state, case.result) == ("fulfilled", "fulfilled")
    agreement = current_agreement(case)
    assert agreement.fulfilled_on == teller.today
    assert agreement.check_on == agreement.due_on + dt.timedelta(days=90)


def test_names_lie_apart_with_their_keep_days_and_appear_in_no_history_and_no_audit_entry(
    teller: Teller,
) -> None:
    case = teller.agreed()
    values = {(v.role, v.field): v for v in PersonalValue.objects.filter(case=case)}
    assert set(values) == {("party_1", "party_name"), ("party_1", "party_phone"), ("party_2", "party_name")}
    assert values["party_1", "party_name"].keep_days == 730
    told = " ".join(f"{event.text} {event.detail}" for event in case.events.all())
    logged = " ".join(str(entry.detail) for entry in Entry.objects.all())
    assert "甲某" not in told + logged
    assert "13900000001" not in told + logged


def test_a_party_is_a_person_with_a_name_or_a_unit_with_its_own(teller: Teller) -> None:
    case = teller.found(parties=())
    with pytest.raises(Invalid) as person:
        teller.does("tiaojie", AddParty(case_id=case.pk, party=NewParty(kind="person", side="applicant")))
    assert set(person.value.fields) == {"name"}
    with pytest.raises(Invalid) as unit:
        teller.does(
            "tiaojie", AddParty(case_id=case.pk, party=NewParty(kind="unit", side="third", phone="no"))
        )
    assert set(unit.value.fields) == {"unit_name", "phone"}


def test_a_party_entered_by_mistake_is_taken_out_with_its_name(teller: Teller) -> None:
    case = teller.found()
    teller.does("tiaojie", RemoveParty(case_id=case.pk, number=1))
    assert not PersonalValue.objects.filter(case=case, role="party_1").exists()
    with pytest.raises(Missing):
        teller.does("tiaojie", RemoveParty(case_id=case.pk, number=1))


def test_mediation_needs_two_parties_who_agree_and_a_mediator(teller: Teller) -> None:
    case = teller.found(parties=PARTIES[:1])
    teller.does("tiaojie", Move(case_id=case.pk, step="accept"))
    begin = Begin(case_id=case.pk)
    with pytest.raises(Conflict, match="at least"):
        teller.does("tiaojie", begin)
    teller.does("tiaojie", AddParty(case_id=case.pk, party=PARTIES[1]))
    with pytest.raises(Conflict, match="1、2"):
        teller.does("tiaojie", Begin(case_id=case.pk))
    teller.does("tiaojie", SetConsent(case_id=case.pk, number=1, agrees=True, told_rights=True))
    teller.does("tiaojie", SetConsent(case_id=case.pk, number=2, agrees=False, told_rights=True))
    with pytest.raises(Conflict, match="voluntary"):
        teller.does("tiaojie", Begin(case_id=case.pk))
    teller.does("tiaojie", SetConsent(case_id=case.pk, number=2, agrees=True, told_rights=True))
    with pytest.raises(Conflict, match="mediator"):
        teller.does("tiaojie", Begin(case_id=case.pk))
    teller.does("tiaojie", TakeOn(case_id=case.pk))
    assert teller.does("tiaojie", Begin(case_id=case.pk)).state == "mediating"


def test_nobodys_consent_counts_who_was_not_told_that_they_may_go_to_court(teller: Teller) -> None:
    case = teller.found()
    with pytest.raises(Invalid, match="court"):
        teller.does("tiaojie", SetConsent(case_id=case.pk, number=1, agrees=True, told_rights=False))


@pytest.mark.parametrize("step", ["begin", "agree", "fulfil", "hand_over", "relapse", "give_back"])
def test_steps_that_stand_for_something_cannot_be_taken_without_it(teller: Teller, step: str) -> None:
    case = teller.accepted()
    Case.objects.filter(pk=case.pk).update(
        state={"agree": "mediating", "fulfil": "agreed", "relapse": "agreed", "give_back": "handed_over"}.get(
            step, "accepted"
        )
    )
    with pytest.raises(Forbidden):
        teller.does("suozhang", Move(case_id=case.pk, step=step, result="fulfilled"))


def test_a_mediator_of_the_area_is_appointed_by_who_may_assign_and_is_told(teller: Teller) -> None:
    case = teller.found("suozhang")
    mediator = teller.actor("tiaojie").user_id
    assert mediator is not None
    with pytest.raises(Forbidden):
        teller.does("tiaojie", Appoint(case_id=case.pk, mediator_id=mediator))
    elsewhere = teller.actor("linsuo").user_id
    assert elsewhere is not None
    with pytest.raises(Invalid):
        teller.does("suozhang", Appoint(case_id=case.pk, mediator_id=elsewhere))
    given = teller.does("suozhang", Appoint(case_id=case.pk, mediator_id=mediator))
    assert given.assignee_id == mediator
    with pytest.raises(Conflict):
        teller.does("minjing", TakeOn(case_id=case.pk))


def test_the_level_goes_up_with_a_reason(teller: Teller) -> None:
    case = teller.mediating()
    with pytest.raises(Invalid) as refused:
        teller.does("tiaojie", SetLevel(case_id=case.pk, level="village", reason=""))
    assert set(refused.value.fields) == {"level", "reason"}
    assert (
        teller.does("tiaojie", SetLevel(case_id=case.pk, level="township", reason="跨村")).data["level"]
        == "township"
    )


def test_a_session_is_planned_ahead_and_noted_with_numbers_not_names(teller: Teller) -> None:
    case = teller.mediating()
    with pytest.raises(Invalid) as past:
        teller.does("tiaojie", PlanSession(case_id=case.pk, at=teller.at, place=""))
    assert set(past.value.fields) == {"at", "place"}
    teller.does("tiaojie", PlanSession(case_id=case.pk, at=teller.at + dt.timedelta(days=1), place="警务室"))
    held = HoldSession(case_id=case.pk, number=1, outcome="go_on", attended={"parties": 2, "mediators": 1})
    with pytest.raises(Invalid, match="1"):
        teller.does("tiaojie", held)
    teller.waits(days=1)
    nobody = HoldSession(case_id=case.pk, number=1, outcome="go_on", attended={"parties": 0, "names": 3})
    with pytest.raises(Invalid) as refused:
        teller.does("tiaojie", nobody)
    assert set(refused.value.fields) == {"parties", "mediators", "names"}
    following = HoldSession(
        case_id=case.pk,
        number=1,
        outcome="go_on",
        attended={"parties": 2, "mediators": 1, "committee": 1},
        next_at=teller.at + dt.timedelta(days=3),
        next_place="司法所",
    )
    teller.does("tiaojie", following)
    first, second = case.sessions.all()
    assert (first.state, first.attended["committee"]) == ("held", 1)
    assert (second.state, second.place) == ("planned", "司法所")
    teller.does("tiaojie", CancelSession(case_id=case.pk, number=2, reason="当事人外出"))
    with pytest.raises(Conflict):
        teller.does("tiaojie", CancelSession(case_id=case.pk, number=2, reason="再次"))


def test_an_agreement_needs_a_session_that_the_parties_came_to_and_terms_with_dates(teller: Teller) -> None:
    case = teller.mediating()
    with pytest.raises(Conflict):
        teller.does("tiaojie", ReachAgreement(case_id=case.pk, terms=teller.terms()))
    teller.met(case, "absent")
    with pytest.raises(Conflict):
        teller.does("tiaojie", ReachAgreement(case_id=case.pk, terms=teller.terms()))
    teller.met(case, "agreed")
    bad = [Term(party=9, text=" ", due_on=teller.today - dt.timedelta(days=1))]
    with pytest.raises(Invalid) as refused:
        teller.does("tiaojie", ReachAgreement(case_id=case.pk, terms=bad))
    assert set(refused.value.fields) == {"terms-0-party", "terms-0-text", "terms-0-due_on"}
    with pytest.raises(Invalid):
        teller.does("tiaojie", ReachAgreement(case_id=case.pk, terms=[]))


def test_the_signed_scan_is_kept_with_the_agreement(teller: Teller) -> None:
    case = teller.agreed()
    early = KeepSigned(
        case_id=case.pk, signed_on=teller.today + dt.timedelta(days=1), file_name="协议.pdf", content=PDF
    )
    with pytest.raises(Invalid):
        teller.does("tiaojie", early)
    teller.does(
        "tiaojie",
        KeepSigned(case_id=case.pk, signed_on=teller.today, file_name="协议.txt", content=b"\xe7\x94\xb2"),
    )
    agreement = current_agreement(case)
    assert agreement.signed_on == teller.today
    assert agreement.scan is not None
    assert default_storage.exists(agreement.scan.path)


def test_a_term_not_fulfilled_needs_a_word_and_keeps_the_dispute_open(teller: Teller) -> None:
    case = teller.agreed()
    with pytest.raises(Invalid):
        teller.does("tiaojie", MarkObligation(case_id=case.pk, number=1, fulfilled=False, on=teller.today))
    broken = MarkObligation(case_id=case.pk, number=1, fulfilled=False, on=teller.today, note="闸门未修")
    assert teller.does("tiaojie", broken).state == "agreed"
    assert current_agreement(case).broken_on == teller.today
    teller.does("tiaojie", MarkObligation(case_id=case.pk, number=1, fulfilled=True, on=teller.today))
    with pytest.raises(Conflict):
        teller.does("tiaojie", MarkObligation(case_id=case.pk, number=1, fulfilled=True, on=teller.today))
    assert current_agreement(case).broken_on is None


def test_a_relapse_reopens_and_needs_a_new_session_before_a_new_agreement(teller: Teller) -> None:
    case = teller.fulfilled()
    teller.waits(days=20)
    again = teller.does("tiaojie", Relapse(case_id=case.pk, reason="枯水期再次争水"))
    assert (again.state, again.closed_at) == ("mediating", None)
    with pytest.raises(Conflict):
        teller.does("tiaojie", ReachAgreement(case_id=case.pk, terms=teller.terms()))
    teller.met(again, "agreed")
    teller.does("tiaojie", ReachAgreement(case_id=case.pk, terms=teller.terms()))
    first, second = case.agreements.all()
    assert (first.relapsed_on, second.relapsed_on) == (teller.today, None)


def test_ninety_days_after_somebody_asks_whether_it_held(teller: Teller) -> None:
    case = teller.fulfilled(days=10)
    with pytest.raises(Conflict):
        teller.does("tiaojie", CheckKept(case_id=case.pk, kept=True))
    teller.waits(days=100)
    with pytest.raises(Invalid):
        teller.does("tiaojie", CheckKept(case_id=case.pk, kept=False))
    teller.does("tiaojie", CheckKept(case_id=case.pk, kept=True))
    assert current_agreement(case).kept is True
    with pytest.raises(Conflict):
        teller.does("tiaojie", CheckKept(case_id=case.pk, kept=True))


def test_names_are_erased_when_their_time_is_over_and_the_dispute_stays_for_the_figures(
    teller: Teller,
) -> None:
    case = teller.fulfilled()
    teller.waits(days=731)
    run_retention(teller.at)
    assert set(PersonalValue.objects.filter(case=case).values_list("value", flat=True)) == {""}
    assert Case.objects.filter(pk=case.pk).exists()
    teller.waits(days=1825)
    run_retention(teller.at)
    assert not Case.objects.filter(pk=case.pk).exists()


def test_the_case_clock_stands_still_while_the_agreement_is_being_fulfilled(teller: Teller) -> None:
    case = teller.agreed()
    assert case.remaining_seconds is not None
    assert case.case_due_at is None
