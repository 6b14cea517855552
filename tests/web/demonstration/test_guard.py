"""A production server that is running finds out that its database holds the demonstration."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from linli.kernel.errors import LinliError
from linli.web.demonstration import guard
from linli.web.demonstration.guard import DemonstrationGuard, refuse_demonstration
from linli.web.demonstration.models import Filled

pytestmark = pytest.mark.django_db


# Guard 8
def test_every_page_is_refused_until_it_is_certain_that_nothing_made_up_is_served(
    settings, now, monkeypatch
) -> None:
    settings.PRODUCTION = True
    middleware, request = DemonstrationGuard(lambda _: HttpResponse("page")), RequestFactory().get("/")

    class Away:
        def exists(self) -> bool:
            raise OperationalError("away")

    with monkeypatch.context() as patched:
        patched.setattr(guard.Filled, "objects", Away())
        # The page itself says that the database is away.
        assert middleware(request).content == b"page"
    filled = Filled.objects.create(app="cast", at=now)
    refused = middleware(request)
    assert refused.status_code == 503
    assert "公开" in refused.content.decode()
    filled.delete()
    assert middleware(request).content == b"page"


# Guard 8
def test_what_is_no_production_server_may_show_the_demonstration(settings, now) -> None:
    Filled.objects.create(app="cast", at=now)
    assert refuse_demonstration()
    settings.PRODUCTION = True
    with pytest.raises(LinliError):
        refuse_demonstration()
