"""Six packs ship: every clause id is in its pack, every case holds, and the published table is up to date."""

import shutil
import tomllib
from pathlib import Path

import pytest

from linli.kernel.errors import InputRefused
from linli.kernel.identifiers import ClauseId
from linli.policy.catalogue import measures
from linli.policy.explanation import explain
from linli.policy.expression import names_in, parse
from linli.policy.loading import load_pack, pack_folders, shipped_packs
from linli.policy.model import Pack
from linli.policy.proof import prove
from linli.policy.register import clause_register

ROOT = Path(__file__).parents[2]
IDS = tomllib.loads((Path(__file__).parent / "clause_ids.toml").read_text(encoding="utf-8"))
PACKS = sorted(IDS["packs"])


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {folder.name: load_pack(folder) for folder in pack_folders(shipped_packs())}


def test_the_shipped_packs_are_the_six(packs: dict[str, Pack]) -> None:
    assert sorted(packs) == PACKS


@pytest.mark.parametrize("name", PACKS)
def test_every_clause_id_is_in_its_pack_and_no_other(packs: dict[str, Pack], name: str) -> None:
    own = IDS["packs"][name]
    expected = [f"{own['prefix']}{number}" for number in range(1, own["last"] + 1)]
    clauses = packs[name].clauses
    encoded = [id_ for id_, clause in clauses.items() if clause.status != "declined"]
    assert encoded == expected
    assert set(clauses) - set(encoded) <= set(IDS["declined"]["ids"])


def test_what_singles_people_out_is_declined_with_reason_and_alternative(packs: dict[str, Pack]) -> None:
    declined = [c for pack in packs.values() for c in pack.clauses.values() if c.status == "declined"]
    assert {clause.id for clause in declined} == set(IDS["declined"]["ids"])
    assert all(clause.reason and clause.instead and clause.limits for clause in declined)
    assert all(any(c.status == "declined" for c in pack.clauses.values()) for pack in packs.values())


@pytest.mark.parametrize("name", PACKS)
def test_every_case_holds_and_at_least_95_percent_of_mutants_are_noticed(
    packs: dict[str, Pack], name: str
) -> None:
    proof = prove(packs[name])
    assert proof.failed == ()
    assert proof.stale == ()
    assert proof.share >= 95
    assert len(proof.argued) <= 0.05 * proof.mutants


@pytest.mark.parametrize("name", PACKS)
def test_every_check_begins_on_the_day_before_it_starts(packs: dict[str, Pack], name: str) -> None:
    for check in packs[name].checks():
        own = [case for case in packs[name].cases if case.check == check.id]
        assert any(case.on < check.start and case.expect == "not_in_force" for case in own), check.id
        assert {"met", "unknown"} <= {case.expect for case in own}, check.id


@pytest.mark.parametrize("name", PACKS)
def test_an_evaluated_clause_is_answered_by_a_plan_and_a_waiting_one_names_its_record(
    packs: dict[str, Pack], name: str
) -> None:
    for clause in packs[name].clauses.values():
        waits = [measures()[measure] for measure in clause.waits_for]
        if clause.status == "waiting":
            assert waits
        assert all(measure.given_by != "plan" and measure.record for measure in waits)


@pytest.mark.parametrize("name", PACKS)
def test_every_number_of_a_plan_is_used(packs: dict[str, Pack], name: str) -> None:
    pack = packs[name]
    read: set[str] = set()
    for check in pack.checks():
        read |= set(names_in(parse(check.rule)))
        read |= set(names_in(parse(check.applies))) if check.applies else set()
    files = [ROOT / "packs" / name / file for file in ("planning.toml", "scoring.toml")]
    named = "".join(file.read_text(encoding="utf-8") for file in files if file.exists())
    assert [value for value in pack.values if value not in read and f'"{value}"' not in named] == []


@pytest.mark.parametrize("name", PACKS)
def test_every_clause_can_be_explained_on_every_date_of_its_pack(packs: dict[str, Pack], name: str) -> None:
    pack = packs[name]
    for clause in pack.clauses:
        for on in pack.dates():
            for block in explain(pack, clause, on=on):
                assert all("{" not in line.zh + line.en for line in block.lines)


def test_every_measure_of_the_catalogue_is_used_or_given_by_a_plan(packs: dict[str, Pack]) -> None:
    used = set()
    for pack in packs.values():
        for check in pack.checks():
            used |= set(names_in(parse(check.rule)))
            used |= set(names_in(parse(check.applies))) if check.applies else set()
        for clause in pack.clauses.values():
            used |= {m for r in clause.readings for option in r.options for m in option.measures}
            used |= {measure for ban in clause.bans for measure in ban.measures}
    assert [name for name, m in measures().items() if name not in used and m.given_by != "plan"] == []


@pytest.mark.parametrize(("name", "clause"), [("lanling-2017", "L7"), ("district-practice", "E3")])
def test_a_case_clearing_quota_for_a_community_officer_is_refused(
    tmp_path: Path, packs: dict[str, Pack], name: str, clause: str
) -> None:
    banned = packs[name].clauses[ClauseId(clause)].bans
    assert banned
    copy = shutil.copytree(ROOT / "packs" / name, tmp_path / name)
    scored = "L17" if name == "lanling-2017" else "E6"
    quota = sorted(banned[0].measures)[0]
    with (copy / "clauses.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[{scored}.checks]]\nname = "quota"\ntitle = {{zh = "办案指标", en = "a quota"}}\n'
            f'scope = "station"\nassesses = "community_officer"\nrule = "{quota} > 0"\n'
        )
    with pytest.raises(InputRefused) as refused:
        load_pack(copy)
    findings = [finding for finding in refused.value.findings if finding.code == "policy.ban.broken"]
    assert findings
    assert clause in findings[0].sentence("en")
    assert "社区民警不承担办案任务" in findings[0].sentence("zh")


def test_the_published_table_of_clauses_is_up_to_date(packs: dict[str, Pack]) -> None:
    path = ROOT / "docs" / "reference" / "clauses.md"
    text = clause_register(packs[name] for name in sorted(packs))
    assert path.read_text(encoding="utf-8") == text, "run: linli pack table --out docs/reference/clauses.md"


def test_the_figures_that_do_not_add_up_say_so(packs: dict[str, Pack]) -> None:
    differing = {figure.id for pack in packs.values() for figure in pack.figures if figure.agrees is False}
    assert "H1.station_coverage" in differing
    for pack in packs.values():
        for figure in pack.figures:
            assert figure.agrees is not False or figure.note is not None


def test_packs_are_shipped_inside_the_installed_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"packs": "linli/_packs"}
    (tmp_path / "_packs").mkdir()
    monkeypatch.setattr("linli.policy.loading.resources.files", lambda _: tmp_path)
    assert shipped_packs() == tmp_path / "_packs"
