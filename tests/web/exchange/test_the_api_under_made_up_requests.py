"""Whatever a program sends, the API never answers with a server error, and only as its schema says.

``benchmarks/fuzz_api.py`` does the same for ten minutes against a running platform.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from linli.web.demonstration.cast import Stage
from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.exchange.api.build import api
from linli.web.foundation.exchange.tokens import MakeToken

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
OPERATIONS = sorted(
    (method.upper(), path)
    for path, methods in api().get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in methods
)


@pytest.fixture(autouse=True)
def _keep_the_connection() -> Iterator[None]:
    """A request that ends closes old connections, and this test's transaction with them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_makes_the_server_fail(
    method: str,
    path: str,
    actor: Callable[[str], Actor],
    stage: Stage,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linli.web.foundation.clock.now", lambda: now)
    perform(OpenCase(kind="request", category="road", title="路面", place=stage.place.code), SYSTEM, now)
    _, token = perform(MakeToken(title="试验", days=1, may_write=True), actor("suozhang"), now)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = schema[path][method]

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy())
    def ask(case) -> None:  # type: ignore[no-untyped-def]
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 500, answer.text[:500]

    ask()
