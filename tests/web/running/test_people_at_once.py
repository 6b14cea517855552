"""A form sent twice is done once; of two people who edit one case the second is told, and loses nothing."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from web.running.installation import Installation
from web.running.visitor import Visitor

REVISION = re.compile(r'name="revision" value="(\d+)"')


@pytest.fixture
def both(staffed: Installation) -> tuple[Visitor, Visitor]:
    server = staffed.serve()
    return Visitor(server.url, "minjing"), Visitor(server.url, "fujing")


def test_a_form_sent_many_times_at_once_opens_one_case(
    staffed: Installation, both: tuple[Visitor, Visitor]
) -> None:
    visitor, _ = both
    token, submission = visitor.token("/cases/open/request/"), uuid.uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.open_case("twice", submission, token), range(8)))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert staffed.one("SELECT COUNT(*) FROM casework_case") == 1
    assert staffed.one("SELECT COUNT(*) FROM audit_entry WHERE action = 'case.open'") == 1


def test_the_second_of_two_who_edit_one_case_is_told_and_keeps_what_was_written(
    staffed: Installation, both: tuple[Visitor, Visitor]
) -> None:
    first, second = both
    page = first.open_case("one case", uuid.uuid4().hex, first.token("/cases/open/request/")).headers[
        "Location"
    ]
    seen = REVISION.search(second.read(page).text)
    assert seen is not None
    old = {"revision": seen.group(1)}
    token = second.token(page)
    assert first.send(f"{page}step/accept/", old, token=first.token(page)).status_code == 302
    note = {"note": "I have telephoned the reporter", "submission": uuid.uuid4().hex}
    told = second.send(f"{page}step/start/", old | note, token=token)
    assert told.status_code == 422
    assert "民警 王" in told.text
    assert "I have telephoned the reporter" in told.text or "note" not in told.text
    assert staffed.one("SELECT state FROM casework_case") == "accepted"
    fresh = REVISION.search(told.text)
    assert fresh is not None
    again = second.send(f"{page}step/start/", {"revision": fresh.group(1)} | note, token=token)
    assert again.status_code == 302
    assert staffed.one("SELECT state FROM casework_case") == "handling"


def test_of_many_who_take_the_same_step_at_once_one_does(
    staffed: Installation, both: tuple[Visitor, Visitor]
) -> None:
    first, _ = both
    page = first.open_case("one step", uuid.uuid4().hex, first.token("/cases/open/request/")).headers[
        "Location"
    ]
    tokens = [visitor.token(page) for visitor in both]

    def accept(number: int) -> int:
        values = {"revision": "1", "submission": uuid.uuid4().hex}
        return both[number % 2].send(f"{page}step/accept/", values, token=tokens[number % 2]).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(accept, range(6)))
    assert codes == [302, 422, 422, 422, 422, 422]
    assert staffed.one("SELECT COUNT(*) FROM casework_event WHERE kind = 'moved'") == 1
