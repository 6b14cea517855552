"""What a refused action names in its body is in the entry of the log, and another name is another try."""

import dataclasses
from typing import Any

import pytest

from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Action, named, perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.merging import Merge
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.ops.handover.actions import WriteNote
from linli.web.ops.incidents.actions.dispatching import DispatchUnits
from linli.web.ops.incidents.models import Unit
from linli.web.ops.premises.actions.places import RecordMeeting
from linli.web.ops.premises.models import Premises
from linli.web.ops.supervision.actions.drawing import ReviewCase
from web.security.trying import made
from web.security.walking import actions

TYPED = "13800001234 张三"


@pytest.fixture
def hidden(stage, now) -> list[Case]:
    given = {"kind": "request", "category": "streetlight", "title": "x", "place": stage.other_place.code}
    found = [perform(OpenCase(**given), SYSTEM, now) for _ in range(3)]
    Case.objects.update(confidentiality=2)
    return found


def _try(one: Action[Any], who: Any, now: Any) -> None:
    with pytest.raises(LinliError):
        perform(one, who, now)


def _named() -> list[list[str]]:
    return [one.detail.get("named", []) for one in Entry.objects.filter(action="refused").order_by("pk")]


def _own(stage: Any, now: Any, kind: str = "request", category: str = "streetlight") -> Case:
    return perform(OpenCase(kind=kind, category=category, title="x", place=stage.place.code), SYSTEM, now)


# Guard 14
def test_each_case_that_is_named_to_merge_into_is_a_try_of_its_own(
    hidden, actor, stage, now, signed_in
) -> None:
    own = _own(stage, now)
    for _ in range(2):
        for one in hidden:
            _try(Merge(case_id=own.pk, into_id=one.pk), actor("minjing"), now)
    assert _named() == [[f"into {one.pk}", one.number] for one in hidden]
    client = signed_in("minjing")
    for one in hidden:
        client.post(f"/cases/{own.number}/merge/", {"into": one.number})
    assert _named()[3:] == [[one.number] for one in hidden]


# Guard 14
def test_each_case_that_a_note_names_is_a_try_of_its_own(hidden, actor, stage, now) -> None:
    for one in hidden:
        note = WriteNote(board_id=stage.post.pk, text=TYPED, cases=(one.number, "SQ260310-99999"))
        _try(note, actor("minjing"), now)
    assert [one.number in names for one, names in zip(hidden, _named(), strict=True)] == [True] * 3


# Guard 14
def test_each_case_that_a_review_names_is_a_try_of_its_own(hidden, actor, now) -> None:
    for one in hidden:
        _try(ReviewCase(case_number=one.number, due_on=now.date()), actor("guihua"), now)
    assert _named() == [[one.number] for one in hidden]


# Guard 14
def test_each_case_that_a_joint_meeting_names_is_a_try_and_what_is_not_there_is_none(
    hidden, actor, stage, now
) -> None:
    school = Premises.objects.create(
        code="S1",
        name="学校",
        kind="school",
        station_code=stage.place.station_code,
        beat_code=stage.place.beat_code,
        place_code=stage.place.code,
        organisation=stage.unit,
        registered_at=now,
    )
    for number in [*(one.number for one in hidden), "SQ260310-99999", TYPED]:
        met = RecordMeeting(premises_id=school.pk, held_on=now.date(), subject=TYPED, case_number=number)
        _try(met, actor("minjing"), now)
    assert _named() == [[one.number] for one in hidden]
    assert TYPED not in str(list(Entry.objects.values_list("detail", flat=True)))


# Guard 14
def test_each_unit_that_is_named_to_be_sent_is_a_try_of_its_own(actor, stage, now) -> None:
    own = _own(stage, now, "incident", "fight")
    units = [
        Unit.objects.create(
            call_sign=f"X{number}",
            organisation=stage.other_station,
            station_code=stage.other_place.station_code,
            kind=Unit.Kind.values[0],
            active=True,
        )
        for number in range(2)
    ]
    for pk in [*(one.pk for one in units), 99_999]:
        _try(DispatchUnits(case_id=own.pk, units=(pk,)), actor("suozhang"), now)
    assert [names for names in _named() if names] == [[f"units {one.pk}", f"unit {one.pk}"] for one in units]


def _naming(action: type[Action[Any]]) -> list[tuple[str, Any]]:
    """The fields of an action that name things, and something that each may name."""
    found: list[tuple[str, Any]] = []
    for one in dataclasses.fields(action):  # type: ignore[arg-type]
        if one.name.endswith("_id"):
            found.append((one.name, 700 + len(found)))
        elif one.name.endswith("_number") or one.name == "cases":
            number = f"SQ260310-{len(found):05d}"
            found.append((one.name, (number,) if one.name == "cases" else number))
        elif str(one.type) == "tuple[int, ...]":
            found.append((one.name, (800 + len(found),)))
    return found


# Guard 14
def test_every_action_is_logged_with_all_that_it_names(stage, now) -> None:
    wrong, several = [], 0
    for action in actions():
        given = dict(_naming(action))
        several += len(given) > 1
        one = made(action, now, given)
        tried = one.tried()
        told = " ".join([tried.subject_id, *named(one)]).split()
        for name, value in given.items():
            wanted = str(value[0] if isinstance(value, tuple) else value)
            if wanted not in told:
                wrong.append(f"{action.__name__} ({action.name}): {name}")
    assert not wrong, "\n".join(wrong)
    assert several > 20
