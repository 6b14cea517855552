"""What is refused within a change that is rolled back is in the log all the same, and once."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Conflict, Hidden, Refusal
from linli.web.foundation.actions.together import together
from linli.web.foundation.audit.chain import Record, verify
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.sharing import BreakGlass
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Case
from linli.web.ops.incidents.actions.units import SaveUnit
from linli.web.ops.incidents.models import Unit
from linli.web.ops.premises.actions.register import Details, RegisterPremises
from linli.web.ops.premises.models import Premises

REASON = "现场有人受伤，需要立即联系报警人"


@pytest.fixture(autouse=True)
def _at(monkeypatch, now) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)


def _refused() -> list[Entry]:
    return list(Entry.objects.filter(action="refused").order_by("pk"))


def _opened(stage, now, kind: str = "request", category: str = "streetlight") -> Case:
    given = {"kind": kind, "category": category, "title": "一件事", "place": stage.other_place.code}
    return perform(OpenCase(**given), SYSTEM, now)


@dataclass(frozen=True, kw_only=True)
class _Outer(Action[None]):
    """A change that makes another within it, and takes its refusal in one of three ways."""

    name: ClassVar[str] = "case.describe"
    inner: AddNote
    how: str

    def check(self, context: Context) -> None:
        """Whoever asks."""

    def change(self, context: Context) -> None:
        try:
            perform(self.inner, context.actor, context.at)
        except Refusal:
            if self.how == "passes it on":
                raise
            if self.how == "says something else":
                raise Conflict(AddNote.name and _words()) from None

    def record(self, result: None) -> Record:
        return Record(action=self.name, subject_kind="list", subject_id="x")


def _words():
    from linli.web.foundation.casework.actions.base import say

    return say("case.forbidden")


# Guard 4
@pytest.mark.parametrize(
    ("how", "tried"),
    [
        ("passes it on", "case.describe"),
        ("says something else", "case.note"),
        ("goes on", "case.note"),
    ],
)
def test_an_inner_try_outlives_the_outer_change_and_is_written_once(how, tried, stage, actor, now) -> None:
    case = _opened(stage, now)
    outer = _Outer(inner=AddNote(case_id=case.pk, text="x"), how=how)
    if how == "goes on":
        perform(outer, actor("minjing"), now)
    else:
        with pytest.raises(Refusal):
            perform(outer, actor("minjing"), now)
    (entry,) = _refused()
    assert entry.detail["tried"] == tried
    assert str(case.pk) in f"{entry.subject_id} {entry.detail.get('named', '')}"
    assert list(verify()) == []


# Guard 4
def test_tries_among_changes_made_together_are_written_when_all_is_over(stage, actor, now) -> None:
    one, two = _opened(stage, now), _opened(stage, now)

    def all_of_them() -> None:
        with together():
            for case in (one, two):
                with pytest.raises(Hidden):
                    perform(AddNote(case_id=case.pk, text="x"), actor("minjing"), now)
            assert _refused() == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        all_of_them()
    assert [entry.subject_id for entry in _refused()] == [str(one.pk), str(two.pk)]


# Guard 4
def test_a_call_said_to_be_a_case_that_was_only_opened_by_glass_leaves_an_entry(
    stage, actor, now, signed_in
) -> None:
    known = _opened(stage, now, "incident", "burglary")
    perform(BreakGlass(case_id=known.pk, reason=REASON), actor("minjing"), now)
    given = {"category": "burglary", "place": stage.place.code, "title": "t", "same_as": known.number}
    answer = signed_in("minjing").post("/incidents/intake/", {**given, "submission": "abcdefgh"})
    assert answer.status_code == 403
    (entry,) = _refused()
    assert entry.detail["tried"] == "case.merge"
    assert f"into {known.pk}" in entry.detail["named"]
    assert Case.objects.count() == 1


def _premises(stage, actor, now, code: str = "") -> Premises:
    details = Details(kind="shop", name="邻所商铺", address="合成路 9 号", place=stage.other_place.code)
    return perform(RegisterPremises(details=details, code=code), actor("linsuo"), now)


def _send(client, path: str, text: str):
    return client.post(path, {"file": SimpleUploadedFile("x.csv", text.encode())})


# Guard 4
def test_codes_of_another_stations_premises_are_answered_as_those_of_none_and_written(
    stage, actor, now, signed_in
) -> None:
    theirs, client = _premises(stage, actor, now), signed_in("minjing", "en")
    pages = []
    for code in (theirs.code, "CS999999"):
        rows = f"code,kind,name,address,place\n{code},shop,冒名,合成路 7 号,{stage.place.code}\n"
        page = _send(client, "/premises/import/", rows)
        assert page.status_code == 422
        text = page.content.decode().replace(code, "…")
        pages.append(text[text.index("x.csv") :][:300])
    assert pages[0] == pages[1]
    assert "you may not see them" in pages[0]
    (entry,) = _refused()
    assert (entry.detail["tried"], entry.detail["named"]) == ("premises.register", [theirs.code])
    theirs.refresh_from_db()
    assert (theirs.name, Premises.objects.count()) == ("邻所商铺", 1)


# Guard 4
def test_the_bureaus_own_number_of_another_stations_premises_is_taken_and_the_try_written(
    stage, actor, now, signed_in
) -> None:
    _premises(stage, actor, now, code="YZ-7")
    rows = f"code,kind,name,address,place\nYZ-7,shop,冒名,合成路 7 号,{stage.place.code}\n"
    assert _send(signed_in("minjing"), "/premises/import/", rows).status_code == 422
    assert [entry.detail["named"] for entry in _refused()] == [["YZ-7"]]


# Guard 4
def test_premises_of_another_station_with_the_same_name_and_address_are_not_told(stage, actor, now) -> None:
    _premises(stage, actor, now)
    details = Details(kind="shop", name="邻所商铺", address="合成路 9 号", place=stage.place.code)
    own = perform(RegisterPremises(details=details), actor("minjing"), now)
    assert own.station_code == stage.place.station_code
    with pytest.raises(Conflict):
        perform(RegisterPremises(details=details), actor("minjing"), now)


# Guard 4
def test_a_call_sign_of_another_stations_unit_is_taken_and_the_try_written(
    stage, actor, now, signed_in
) -> None:
    given = {"call_sign": "邻所01", "kind": "patrol_car", "capacity": 2}
    theirs = perform(SaveUnit(organisation=stage.other_post.code, **given), SYSTEM, now)
    rows = f"call_sign,organisation,kind,capacity\n邻所01,{stage.post.code},patrol_car,2\n"
    assert _send(signed_in("suozhang"), "/incidents/units/import/", rows).status_code == 422
    (entry,) = _refused()
    assert (entry.detail["tried"], entry.detail["named"]) == ("unit.save", [f"unit {theirs.pk}"])
    assert Unit.objects.get().organisation == stage.other_post
