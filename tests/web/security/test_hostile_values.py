"""Hostile values through everything that takes one: nothing fails, and errors of the API have one shape.

``benchmarks/hostile_walk.py`` sends every value through every field; here each field gets some of them.
"""

import json
import os
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from linli.io.deployment import deployment_text
from linli.web.demonstration import fill
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import User
from linli.web.foundation.accounts.selectors import actor_of
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.models import Case
from linli.web.foundation.exchange.tokens import MakeToken
from report.synthetic import synthetic_plan
from web.security.addresses import addresses
from web.security.finding_forms import found_by
from web.security.hostile_walk import Walk

ROOT = Path(__file__).parents[3]
ROLES = (
    "suozhang",
    "minjing",
    "jiejing",
    "guanli",
    "guihua",
    "shenji",
    "tiaojie",
    "danwei",
    "wangge",
    "fating",
)
VALUES = int(os.environ.get("LINLI_WALK_VALUES", "1"))
"""Values a field gets; 0 for all of them."""


def _seeds(role: str) -> list[str]:
    plain = [f"/{one.route}" for one in addresses() if not set("<(\\^$") & set(one.route)]
    return ["/", *(one for one in plain if not one.startswith(("/accounts/logout", "/api/", "/static")))]


@pytest.fixture
def clients(db, tmp_path) -> dict[str, Client]:
    """Browsers of some roles in the demonstration, and one of a visitor."""
    (tmp_path / "deployment.json").write_text(deployment_text(synthetic_plan()[0]), encoding="utf-8")
    fill.load(tmp_path, clock.now())
    made = {"": Client()}
    for role in ROLES:
        made[role] = Client(headers={"accept-language": "zh-hans"})
        made[role].force_login(
            User.objects.get(username=role), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    for client in made.values():
        client.raise_request_exception = False
    return made


# Guard 10
def test_nothing_hostile_makes_any_form_filter_header_or_body_fail(clients: dict[str, Client]) -> None:
    found = found_by(clients, _seeds, pages=2 if VALUES else 12)
    assert len(found.sheets) > 60
    walk = Walk(clients, found, VALUES)
    walk.faults += found.faults
    case = Case.objects.filter(case_type="request").order_by("pk").first()
    assert case is not None
    walk.forms()
    walk.filters()
    walk.pieces(case.number or "")
    walk.headers(["/requests/", "/api/v1/cases"])
    chief = actor_of(User.objects.get(username="suozhang"), clock.now())
    _, token = perform(MakeToken(title="t", days=2, may_write=True), chief, clock.now())
    schema = json.loads((ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8"))
    machine = Client(headers={"Authorization": f"Bearer {token}"})
    machine.raise_request_exception = False
    walk.bodies(machine, schema, {"number": case.number or "", "step": "accept"})
    walk.open311("request.streetlight")
    lines = [f"{len(found.pages)} pages, {len(found.sheets)} forms", *walk.lines(connection.vendor)]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert not walk.faults, "\n".join(sorted(set(walk.faults)))
