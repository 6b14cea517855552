"""The demonstration goes in whole and once, the same for the same seed, and never among real accounts."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction

from linli.io.deployment import deployment_text
from linli.kernel.errors import LinliError
from linli.web.demonstration import fill
from linli.web.demonstration.cast import CAST
from linli.web.demonstration.models import Filled
from linli.web.demonstration.scene import PASSWORD
from linli.web.foundation import clock
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.accounts.roles import roles
from linli.web.foundation.audit.chain import verify
from linli.web.foundation.audit.models import Entry
from linli.web.foundation.casework.models import Case
from linli.web.foundation.places.models import Address, Deployment
from report.synthetic import synthetic_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "deployment.json").write_text(deployment_text(synthetic_plan()[0]), encoding="utf-8")
    return tmp_path


@pytest.fixture
def load(plan: Path, now: dt.datetime) -> Callable[..., list[str]]:
    def call(**options: int) -> list[str]:
        told: list[str] = []
        fill.load(plan, now, tell=told.append, **options)
        return told

    return call


def cases() -> list[tuple[object, ...]]:
    opened = Case.objects.order_by("pk")
    return list(opened.values_list("number", "case_type", "title", "address", "state", "opened_at"))


AT_NIGHT = dt.datetime(2026, 12, 31, 17, 30, tzinfo=dt.UTC)
"""Half past one on New Year's morning, while it is still yesterday in UTC."""


def test_every_part_is_filled_at_any_hour_and_the_log_is_whole(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(clock, "now", lambda: AT_NIGHT)
    fill.load(plan, AT_NIGHT, tell=told.append)
    assert told == list(fill.parts())
    assert {"incident", "request", "dispute"} <= set(Case.objects.values_list("case_type", flat=True))
    assert not Case.objects.filter(opened_at__gt=AT_NIGHT).exists()
    assert list(verify()) == []


@pytest.mark.usefixtures("demonstration_loaded")
def test_loading_it_again_adds_nothing(load: Callable[..., list[str]]) -> None:
    before = (Case.objects.count(), Entry.objects.count(), Address.objects.count(), User.objects.count())
    assert load() == []
    assert before == (
        Case.objects.count(),
        Entry.objects.count(),
        Address.objects.count(),
        User.objects.count(),
    )


@pytest.mark.any_database
def test_a_part_that_fails_leaves_nothing_and_is_made_up_for_later(
    load: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = list(fill.parts())[:2]
    last = few[-1]
    monkeypatch.setattr(fill, "parts", lambda: few)

    def broken(name: str) -> object:
        if name == last:
            raise ZeroDivisionError
        return real(name)

    real = fill.import_module
    monkeypatch.setattr(fill, "import_module", broken)
    with pytest.raises(ZeroDivisionError):
        load()
    assert not Filled.objects.filter(app=last).exists()
    monkeypatch.setattr(fill, "import_module", real)
    assert load() == [last]


@pytest.mark.any_database
def test_the_same_seed_makes_the_same_cases(load: Callable[..., list[str]]) -> None:
    seen = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            load(seed=seed)
            seen.append((cases(), list(Address.objects.values_list("text", flat=True))))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


@pytest.mark.usefixtures("demonstration_loaded")
def test_there_is_an_account_for_every_role() -> None:
    assert set(Grant.objects.values_list("role", flat=True)) == set(roles())
    assert [user.username for user in fill.demo_accounts()] == [member.username for member in CAST]
    assert check_password(PASSWORD, User.objects.get(username="suozhang").password)


@pytest.mark.usefixtures("demonstration_loaded")
def test_it_is_marked_as_synthetic() -> None:
    assert Deployment.objects.get().synthetic
    assert not Address.objects.filter(synthetic=False).exists()


def test_it_is_not_mixed_with_real_accounts(load: Callable[..., list[str]]) -> None:
    User.objects.create_user("zhang.san", "a long password", display_name="张三")
    with pytest.raises(LinliError, match="not the demonstration's"):
        load()
    assert Deployment.objects.count() == 0


def test_a_production_server_takes_none(load: Callable[..., list[str]], settings) -> None:  # type: ignore[no-untyped-def]
    settings.PRODUCTION = True
    with pytest.raises(LinliError, match="production server"):
        load()


def test_without_a_plan_it_says_so(now: dt.datetime) -> None:
    with pytest.raises(LinliError, match="--demo"):
        fill.load(None, now)


@pytest.mark.any_database
def test_a_deployment_in_force_is_used_as_it_is(
    county: Deployment, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill, "parts", list)
    fill.load(None, now)
    assert Deployment.objects.get() == county
