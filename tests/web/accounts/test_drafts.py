"""The key of an account's drafts: handed to its own pages alone, another one once its credentials ended."""

import re

from django.test import Client

from linli.web.foundation import clock
from linli.web.foundation.accounts.credentials import end_credentials


def _handed(client: Client, path: str = "/me/") -> list[tuple[str, str]]:
    page = client.get(path).content.decode()
    return re.findall(r'id="linli-drafts" data-owner="([^"]+)" data-key="([^"]+)"', page)


# Guard 13
def test_each_account_is_handed_a_key_of_its_own_and_strangers_none(enter, cast) -> None:
    first, again, other = enter("minjing"), enter("minjing"), enter("fujing")
    assert len(_handed(first)) == 1
    assert _handed(first) == _handed(again)
    ((owner, key),) = _handed(first)
    ((other_owner, other_key),) = _handed(other)
    assert owner != other_owner
    assert key != other_key
    assert str(cast["minjing"].pk) != owner
    for path in ("/accounts/login/", "/report/"):
        assert _handed(Client(), path) == []


# Guard 13
def test_an_account_whose_credentials_were_ended_reads_no_earlier_draft(enter, cast) -> None:
    before = _handed(enter("minjing"))
    end_credentials(cast["minjing"].pk, clock.now())
    after = _handed(enter("minjing"))
    assert after[0][0] == before[0][0]
    assert after[0][1] != before[0][1]


# Guard 13
def test_no_page_with_the_key_stays_in_a_cache(enter) -> None:
    assert "no-store" in enter("minjing").get("/me/")["Cache-Control"]
