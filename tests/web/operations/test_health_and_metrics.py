"""Balancers and watchers are answered first of all, and metrics only where they may be read."""

import datetime as dt
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from linli.web.foundation.jobs.models import Schedule, Worker
from linli.web.foundation.operations import health as looked_at
from linli.web.foundation.operations.exposition import exposition
from linli.web.foundation.operations.meter import Tally


@pytest.fixture
def worker(db: None) -> Worker:
    now = timezone.now()
    return Worker.objects.create(id="one", started_at=now, seen_at=now)


class TestHealth:
    def test_it_is_alive_without_a_database(self) -> None:
        # No ``db`` fixture: any query would fail.
        assert Client().get("/health/live").json() == {"status": "live"}

    def test_it_is_ready_with_a_worker(self, worker: Worker) -> None:
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")

    @pytest.mark.django_db
    def test_without_a_worker_pages_are_served_and_the_watcher_is_told(self) -> None:
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert Client().get("/health/worker").status_code == 503

    def test_a_worker_not_seen_for_a_lease_is_gone(self, worker: Worker) -> None:
        Worker.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=2))
        assert Client().get("/health/worker").status_code == 503

    @pytest.mark.django_db
    def test_an_older_database_is_not_ready(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(looked_at, "_MIGRATED", looked_at._Known())
        monkeypatch.setattr(looked_at, "pending_migrations", lambda: ["casework.0099_new"])
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["migrations"]) == (503, False)

    @pytest.mark.django_db
    def test_a_database_that_is_away_is_not_ready(self) -> None:
        with mock.patch.object(looked_at.connection, "cursor", side_effect=OperationalError):
            answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["database"]) == (503, False)

    def test_the_host_name_does_not_matter_and_nothing_is_kept_by_caches(self) -> None:
        answer = Client(headers={"host": "10.1.2.3"}).get("/health/live")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


@pytest.mark.django_db
class TestMetrics:
    def test_this_machine_reads_them(self) -> None:
        answer = Client().get("/metrics")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
        assert "linli_database_up 1" in answer.content.decode()

    @pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
    def test_whoever_comes_through_the_proxy_does_not(self, name: str) -> None:
        assert Client(**{name: "127.0.0.1"}).get("/metrics").status_code == 403

    @pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", ""])
    def test_another_machine_does_not(self, address: str) -> None:
        assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 403

    def test_another_machine_with_the_token_does(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.METRICS_TOKEN = "a token"  # noqa: S105
        far = Client(REMOTE_ADDR="192.0.2.7")
        assert far.get("/metrics", headers={"authorization": "Bearer a token"}).status_code == 200
        assert far.get("/metrics", headers={"authorization": "Bearer another"}).status_code == 403
        assert far.get("/metrics", headers={"authorization": "Bearer "}).status_code == 403

    def test_an_empty_token_opens_nothing(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.METRICS_TOKEN = ""
        far = Client(REMOTE_ADDR="192.0.2.7")
        assert far.get("/metrics", headers={"authorization": "Bearer "}).status_code == 403

    def test_buckets_add_up_and_labels_are_escaped(self, now: dt.datetime) -> None:
        tally = Tally()
        tally.buckets[0], tally.buckets[3], tally.seconds = 2, 1, 0.125
        text = exposition({("GET", 'a"b\\', "2xx"): tally}, now)
        labels = r'method="GET",route="a\"b\\",answer="2xx"'
        assert f'linli_request_seconds_bucket{{{labels},le="0.005"}} 2' in text
        assert f'linli_request_seconds_bucket{{{labels},le="+Inf"}} 3' in text
        assert f"linli_request_seconds_count{{{labels}}} 3" in text
        assert f"linli_request_seconds_sum{{{labels}}} 0.125000" in text

    def test_work_that_fails_shows(self, now: dt.datetime) -> None:
        Schedule.objects.create(name="deadlines", next_at=now, finished_at=now, failures=3)
        text = exposition({}, now)
        assert 'linli_periodic_failures{name="deadlines"} 3' in text
        assert f'linli_periodic_ended_seconds{{name="deadlines"}} {now.timestamp()}' in text

    def test_a_path_never_becomes_a_label(self) -> None:
        client = Client()
        client.get("/cases/JQ260310-00001/")
        client.get("/no/such/page/")
        text = client.get("/metrics").content.decode()
        assert "JQ260310" not in text
        assert "no/such" not in text
