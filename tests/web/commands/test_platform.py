"""The platform's commands: a plan taken in, accounts kept, the log verified, every refusal a sentence."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from linli.cli.main import linli
from linli.io.deployment import deployment_text
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.places.models import Deployment
from report.synthetic import synthetic_plan

Run = Callable[..., Result]


@pytest.fixture
def run(db: None) -> Run:
    def call(*arguments: str, language: str = "en") -> Result:
        return CliRunner().invoke(linli, ["--language", language, *arguments], catch_exceptions=False)

    return call


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "deployment.json").write_text(deployment_text(synthetic_plan()[0]), encoding="utf-8")
    return tmp_path


class TestInit:
    def test_a_plan_is_proposed_approved_and_put_in_force_each_recorded(self, run: Run, plan: Path) -> None:
        said = run("platform", "init", "--deployment", str(plan), "--on", "2026-04-01")
        assert said.exit_code == 0, said.output
        assert "in force from 2026-04-01: 12 beats" in said.output
        version = Deployment.objects.get()
        assert version.status == Deployment.Status.IN_FORCE
        recorded = Entry.objects.order_by("position").values_list("action", flat=True)
        assert list(recorded) == ["deployment.propose", "deployment.decide", "deployment.put_in_force"]
        assert Organisation.objects.filter(kind="post").count() == 12

    def test_taking_the_same_plan_in_again_changes_nothing(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        assert run("platform", "init", "--deployment", str(plan)).exit_code == 0
        assert Deployment.objects.count() == 1

    def test_another_plan_retires_the_former(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan), "--on", "2026-04-01")
        shifted = deployment_text(synthetic_plan(shift=1)[0])
        (plan / "deployment.json").write_text(shifted, encoding="utf-8")
        run("platform", "init", "--deployment", str(plan), "--on", "2026-06-01")
        former = Deployment.objects.get(status=Deployment.Status.RETIRED)
        assert str(former.valid_until) == "2026-05-31"

    def test_a_folder_without_a_plan_is_refused(self, run: Run, tmp_path: Path) -> None:
        said = run("platform", "init", "--deployment", str(tmp_path))
        assert said.exit_code == 2
        assert "holds no deployment.json" in said.output

    def test_a_file_that_is_no_plan_is_refused_and_leaves_nothing(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "deployment.json").write_text("{}")
        assert run("platform", "init", "--deployment", str(tmp_path)).exit_code == 2
        assert Deployment.objects.count() == 0
        assert Entry.objects.count() == 0

    def test_a_day_that_is_none_is_refused(self, run: Run, plan: Path) -> None:
        said = run("platform", "init", "--deployment", str(plan), "--on", "spring", language="zh")
        assert said.exit_code == 2
        assert "“spring”不是日期" in said.output


class TestExport:
    def test_the_deployment_comes_out_as_it_went_in(self, run: Run, plan: Path, tmp_path: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        assert run("platform", "export-deployment", str(tmp_path / "out.json")).exit_code == 0
        assert (tmp_path / "out.json").read_bytes() == (plan / "deployment.json").read_bytes()

    def test_no_file_is_overwritten(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        said = run("platform", "export-deployment", str(plan / "deployment.json"))
        assert said.exit_code == 2
        assert "is not overwritten" in said.output

    def test_without_a_deployment_there_is_nothing_to_write(self, run: Run, tmp_path: Path) -> None:
        assert run("platform", "export-deployment", str(tmp_path / "out.json")).exit_code == 2


class TestAccounts:
    @pytest.fixture
    def made(self, run: Run, plan: Path) -> str:
        """The temporary password of the first administrator."""
        run("platform", "init", "--deployment", str(plan))
        said = run(
            "platform", "user", "add", "shen", "--name", "沈", "--role", "administrator", "--at", "bureau"
        )
        assert said.exit_code == 0, said.output
        found = re.search(r"sign-in\): (\S+)", said.output)
        assert found is not None
        return found.group(1)

    def test_the_first_administrator_is_made(self, made: str) -> None:
        user = User.objects.get(username="shen")
        assert user.check_password(made)
        assert user.temporary_until is not None
        assert Grant.objects.get(user=user).organisation.code == "bureau"

    def test_it_is_on_record_who_made_it_and_the_password_is_not(self, made: str) -> None:
        entry = Entry.objects.get(action="account.make")
        assert entry.via == "command"
        assert "@" in entry.actor_name
        assert made not in str(list(Entry.objects.values()))

    def test_roles_are_given_and_taken(self, run: Run, made: str) -> None:
        run("platform", "user", "add", "wang", "--name", "王")
        assert run("platform", "user", "grant", "wang", "officer", "bureau").exit_code == 0
        listed = run("platform", "user", "list").output
        assert "Community officer (bureau)" in listed
        assert run("platform", "user", "revoke", "wang", "officer", "bureau").exit_code == 0
        grant = Grant.objects.get(user__username="wang")
        assert grant.ends is not None
        assert not grant.holds_on(grant.starts)

    # Guard 6
    def test_an_account_that_is_given_a_privileged_role_is_handed_out_anew(self, run: Run, made: str) -> None:
        run("platform", "user", "add", "wang", "--name", "王")
        User.objects.filter(username="wang").update(epoch=7)
        known = User.objects.get(username="wang").password
        said = run("platform", "user", "grant", "wang", "planner", "bureau")
        assert said.exit_code == 0, said.output
        wang = User.objects.get(username="wang")
        assert (wang.password == known, wang.epoch) == (False, 8)
        assert wang.check_password(said.output.split()[-1])

    def test_a_password_is_reset(self, run: Run, made: str) -> None:
        said = run("platform", "user", "reset", "shen", language="zh")
        assert "已重置 shen 的密码" in said.output
        assert not User.objects.get(username="shen").check_password(made)

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            (("add", "shen", "--name", "沈"), "taken"),
            (("add", "li", "--name", "李", "--role", "officer"), "--role and --at together"),
            (("add", "li.si", "--name", "李", "--role", "king", "--at", "bureau"), "no role “king”"),
            (
                ("add", "li.si", "--name", "李", "--role", "officer", "--at", "moon"),
                "no office with the code “moon”",
            ),
            (("grant", "nobody", "officer", "bureau"), "no account “nobody”"),
            (("revoke", "shen", "officer", "bureau"), "does not hold officer"),
            (("reset", "shen", "--second-factor"), "second"),
        ],
    )
    def test_what_cannot_be_done_is_said_and_changes_nothing(
        self, run: Run, made: str, arguments: tuple[str, ...], expected: str
    ) -> None:
        before = (User.objects.count(), Grant.objects.count())
        said = run("platform", "user", *arguments)
        assert said.exit_code == 2
        assert (User.objects.count(), Grant.objects.count()) == before
        assert expected in said.output

    def test_the_last_administrator_stays(self, run: Run, made: str) -> None:
        assert run("platform", "user", "revoke", "shen", "administrator", "bureau").exit_code == 2


class TestAudit:
    def test_a_whole_log_is_said_to_be(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        said = run("audit", "verify")
        assert (said.exit_code, "whole: 3 entries" in said.output) == (0, True)

    def test_a_changed_entry_is_named(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        Entry.objects.filter(position=2).update(action="nothing.special")
        said = run("audit", "verify")
        assert said.exit_code == 1
        assert "lane 0, entry 2: changed" in said.output

    def test_a_deleted_entry_is_named(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        Entry.objects.filter(position=2).delete()
        said = run("audit", "verify", language="zh")
        assert said.exit_code == 1
        assert "有条目被删除" in said.output

    def test_an_end_cut_off_is_named(self, run: Run, plan: Path) -> None:
        run("platform", "init", "--deployment", str(plan))
        Entry.objects.filter(position=3).delete()
        Lane.objects.update(count=2)
        assert run("audit", "verify").exit_code == 1


def test_a_secret_is_long_and_new_each_time() -> None:
    made = {CliRunner().invoke(linli, ["secret"]).output.strip() for _ in range(3)}
    assert len(made) == 3
    assert min(map(len, made)) >= 50


@pytest.mark.django_db
def test_a_county_passes_its_check(cast: dict[str, User], run: Run) -> None:
    append(Record(action="platform.init", subject_kind="platform", subject_id="1"), SYSTEM, timezone.now())
    said = run("platform", "check")
    assert said.exit_code == 0, said.output
    assert "All checks passed" in said.output
