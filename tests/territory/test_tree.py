"""A list of places is a tree, or every place that keeps it from being one is named."""

from hypothesis import given
from hypothesis import strategies as st

from linli.territory.model import Level
from linli.territory.tree import ancestors, parent_indices, tree_problems

COUNTY, TOWN, VILLAGE = Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE


def kinds(codes: list[str], parents: list[str | None], levels: list[Level | None]) -> list[tuple[int, str]]:
    return [(p.index, p.kind) for p in tree_problems(codes, parents, levels)]


def test_an_empty_list_has_no_problems() -> None:
    assert tree_problems([], [], []) == []


def test_a_tree_has_no_problems() -> None:
    assert kinds(["c", "t", "v"], [None, "c", "t"], [COUNTY, TOWN, VILLAGE]) == []


def test_a_flat_list_has_no_problems() -> None:
    assert kinds(["a", "b"], [None, None], [VILLAGE, Level.COMMUNITY]) == []


def test_a_place_whose_level_could_not_be_read_is_not_judged_by_it() -> None:
    assert kinds(["c", "x"], [None, "c"], [COUNTY, None]) == []


def test_each_place_of_a_circle_is_named_and_none_that_hangs_on_it() -> None:
    found = kinds(["a", "b", "c"], ["b", "a", "a"], [COUNTY, TOWN, VILLAGE])
    assert [k for k in found if k[1] == "parent_cycle"] == [(0, "parent_cycle"), (1, "parent_cycle")]


def test_a_code_agrees_with_the_part_that_its_parents_level_fixes() -> None:
    codes = ["990000000000", "990100000000", "990101000000", "990101101000", "990101101201", "990102101202"]
    parents = [None, codes[0], codes[1], codes[2], codes[3], codes[3]]
    levels = [Level.PROVINCE, Level.PREFECTURE, COUNTY, TOWN, VILLAGE, VILLAGE]
    assert kinds(codes, parents, levels) == [(5, "code_prefix")]


def test_codes_of_another_kind_are_not_compared() -> None:
    assert kinds(["990101000000", "T-1"], [None, "990101000000"], [COUNTY, TOWN]) == []


@given(st.lists(st.integers(-1, 20), max_size=20))
def test_only_lists_without_circles_can_be_climbed_to_a_root(above: list[int]) -> None:
    codes = [f"p{k}" for k in range(len(above))]
    parents = [None if k < 0 else f"p{k}" for k in above]
    problems = tree_problems(codes, parents, [None] * len(above))
    circled = {p.index for p in problems if p.kind == "parent_cycle"}
    parent = parent_indices(codes, parents)
    for index in range(len(above)):
        seen = []
        for node in ancestors(index, parent):
            if node in seen:
                break
            seen.append(node)
        loops = parent[seen[-1]] in seen
        assert loops is bool(circled & set(seen))
