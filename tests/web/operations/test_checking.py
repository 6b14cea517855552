"""``linli platform check`` finds what would go wrong later."""

import datetime as dt

import pytest

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, User
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.casework.types import register
from linli.web.foundation.jobs.models import Schedule
from linli.web.foundation.operations import checking
from linli.web.foundation.operations.checking import checked


def wrong(now: dt.datetime) -> str:
    return "\n".join(one.text.en for one in checked(now) if one.level == "wrong")


def log_something(now: dt.datetime) -> None:
    """The cast is made without actions, and accounts beside an empty log are a log that was emptied."""
    append(Record(action="platform.init", subject_kind="platform", subject_id="1"), SYSTEM, now)


def test_a_county_with_its_cast_passes(cast: dict[str, User], now: dt.datetime) -> None:
    log_something(now)
    assert wrong(now) == ""


@pytest.mark.django_db
def test_an_empty_platform_lacks_a_deployment_and_an_administrator(now: dt.datetime) -> None:
    assert "no deployment is in force" in wrong(now)
    assert "0 administrator(s)" in wrong(now)


def test_a_database_of_another_version_is_said_first(
    cast: dict[str, User], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "pending_migrations", lambda: ["casework.0099_new"])
    found = list(checked(now))
    assert len(found) == 1
    assert "casework.0099_new" in found[0].text.en


def test_a_rule_that_leads_nowhere_is_named(
    cast: dict[str, User], stage: Stage, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = register.case_types()["request"]
    nowhere = spec.routes[0].model_copy(update={"to": "org:water_works"})
    altered = spec.model_copy(update={"routes": (nowhere, *spec.routes[1:])})
    monkeypatch.setattr(checking, "case_types", lambda: {"request": altered})
    assert "routing rule 1" in wrong(now)
    assert "water_works" in wrong(now)


def test_a_county_without_an_administrator_does_not_pass(cast: dict[str, User], now: dt.datetime) -> None:
    Grant.objects.filter(role="administrator").delete()
    assert "0 administrator(s)" in wrong(now)


def test_work_that_keeps_failing_is_named(cast: dict[str, User], now: dt.datetime) -> None:
    Schedule.objects.create(name="retention", next_at=now, failures=4, error="ValueError")
    assert "retention failed 4 time(s)" in wrong(now)


def test_a_folder_that_cannot_be_written_is_named(  # type: ignore[no-untyped-def]
    cast: dict[str, User], now: dt.datetime, settings, tmp_path
) -> None:
    (tmp_path / "taken").write_text("")
    settings.MEDIA_ROOT = tmp_path / "taken"
    assert "cannot be written to" in wrong(now)


def test_a_short_key_is_said(cast: dict[str, User], now: dt.datetime, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SECRET_KEY = "short"  # noqa: S105
    assert "LINLI_SECRET_KEY is shorter" in wrong(now)


# Guard D
@pytest.mark.parametrize("beside", ["security_administrator", "auditor", "officer"])
def test_an_account_that_held_two_keepers_roles_before_the_rule_does_not_pass(
    cast: dict[str, User], stage: Stage, now: dt.datetime, beside: str
) -> None:
    log_something(now)
    day = now.date()
    extra = {"user": cast["guanli"], "role": beside, "organisation": stage.bureau}
    Grant.objects.create(**extra, starts=day - dt.timedelta(days=9), ends=day - dt.timedelta(days=2))
    Grant.objects.create(user=cast["guanli"], role="resident", organisation=stage.residents, starts=day)
    assert wrong(now) == ""
    Grant.objects.create(**extra, starts=day)
    assert "guanli" in wrong(now)
    assert "suozhang" not in wrong(now)
