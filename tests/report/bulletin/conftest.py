"""A bulletin of made-up figures with something of everything in it."""

import datetime as dt

import pytest

from linli.kernel.texts import Text, plain
from linli.report.bulletin import Bulletin, Demand, Item, Moment, Spot, Standing, Version


def spot(code: str, value: float | None, standing: Standing | None = None, **given: object) -> Spot:
    known: dict[str, object] = {} if value is None else {"low": value - 5, "high": value + 5, "records": 12}
    places = None if standing is None else (1, 4)
    values = {**known, "places": places, "standing": standing, "evidence": f"key-{code}", **given}
    return Spot(area=code, name=Text(f"{code}警务区", f"Beat {code}"), value=value, **values)  # type: ignore[arg-type]


def item(name: str = "H7.satisfaction", **given: object) -> Item:
    months = [f"2025-{n:02}" for n in range(4, 13)] + ["2026-01", "2026-02", "2026-03"]
    values: dict[str, object] = {
        "clause": "H7",
        "title": Text("满意率", "Satisfaction"),
        "unit": "%",
        "direction": "higher",
        "formula": "ratio of cases: feedback == 'satisfied' [%]",
        "code_version": "0.1.0+abc",
        "whole": spot("ALL", 50.0),
        "areas": (
            spot("B1", 80.0, Standing.HIGHER),
            spot("B2", 52.0, Standing.CANNOT_TELL),
            spot("B3", 20.0, Standing.LOWER),
            spot("B4", None),
        ),
        "series": tuple(
            Moment(token=m, value=None if n == 4 else 40.0 + n, low=35.0, high=60.0)
            for n, m in enumerate(months)
        ),
        "centre": 45.0,
        "moved": False,
        "by_silence": True,
        "linked": ("H7.visibility",),
        **given,
    }
    return Item(indicator=name, **values)  # type: ignore[arg-type]


@pytest.fixture
def bulletin() -> Bulletin:
    alike = tuple(spot(f"B{n}", 50.0 + n, Standing.CANNOT_TELL) for n in range(4))
    demand = Demand(
        clause="N19",
        rule=Text("月度排名", "Monthly ranking"),
        as_read=Text("按上升幅度排名", "Ranked by rise"),
        what=Text("限期整改", "rectification"),
        who=plain("第一派出所"),
        period="2026-03",
        reason=Text("连续两月进入前三", "twice running"),
        due=dt.date(2026, 4, 30),
        by_silence=True,
    )
    return Bulletin(
        territory=Text("合成县", "Synthetic County"),
        period="2026-03",
        issued_on=dt.date(2026, 4, 5),
        pack=Text("方案甲", "Plan A"),
        items=(
            item(),
            item("N19.key_cases", areas=alike, title=Text("重点案件", "Key cases"), unit="case", moved=True),
        ),
        facts="f" * 64,
        linli_version="0.1.0",
        synthetic=True,
        demands=(demand,),
        versions=(
            Version(number=1, made_on=dt.date(2026, 4, 3), reason=Text("首次计算", "first")),
            Version(number=2, made_on=dt.date(2026, 4, 4), reason=Text("补录两条", "two added"), changed=3),
        ),
        notes=(Text("规则乙未能计算", "Rule B was not run"),),
    )
