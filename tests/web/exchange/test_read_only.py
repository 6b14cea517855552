"""A token that may only read writes nothing, and that it was tried is in the log."""

import pytest
from django.test import Client

from linli.web.foundation import clock
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.exchange.tokens import MakeToken


# Guard 4
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", "/api/v1/cases"),
        ("post", "/api/v1/cases/SQ260310-00001/notes"),
        ("post", "/api/v1/webhooks"),
        ("delete", "/api/v1/webhooks/1"),
    ],
)
def test_what_a_token_that_may_only_read_tries_to_write_is_an_entry_of_its_account(
    actor, cast, method, address
) -> None:
    _, token = perform(MakeToken(title="x", days=30), actor("minjing"), clock.now())
    client = Client(headers={"authorization": f"Bearer {token}"})
    answer = getattr(client, method)(address, {"text": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    entry = Entry.objects.get(action="refused")
    assert (entry.actor_id, entry.via) == (cast["minjing"].pk, "api")
