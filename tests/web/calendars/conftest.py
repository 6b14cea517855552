"""The notice for 2027 as a county would enter it, made up: nobody knows the real one yet."""

import datetime as dt

import pytest

from linli.web.foundation import clock
from web.county import NOW

NOTICE = """各省、自治区、直辖市人民政府：经国务院批准，现将2027年元旦、春节等节假日的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


@pytest.fixture
def autumn(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """In November the next year's notice comes out."""
    at = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
    assert at > NOW
    monkeypatch.setattr(clock, "now", lambda: at)
    return at
