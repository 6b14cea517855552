"""A list that is cut short on its way does not look whole: it says how long it is, and has a bound."""

from itertools import repeat

import pytest

from linli.io.sheets import Listing
from linli.web.foundation.actions.refusals import Invalid
from linli.web.foundation.screens import downloads
from linli.web.foundation.screens.downloads import download, sheets

pytestmark = pytest.mark.any_database


# Guard 9
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_says_how_long_it_is_before_its_first_byte(form: str) -> None:
    answer = download(form, "list", "清单", ["a"], repeat(["1"], 20_000))
    content = b"".join(answer)
    assert int(answer["Content-Length"]) == len(content)
    assert answer["Content-Disposition"] == f'attachment; filename="list.{form}"'


# Guard 9
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_that_no_process_could_write_in_time_is_refused_whole(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MOST_ROWS", 3)
    sheets(form, "list", [Listing("清单", ["a"], repeat(["1"], 3))])
    with pytest.raises(Invalid, match="more than 3 rows"):
        sheets(form, "list", [Listing("清单", ["a"], repeat(["1"], 4))])
