"""Answers health checks and metrics before anything else can refuse them, and times every other request."""

import ipaddress
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from linli.kernel.texts import catalogue
from linli.web.foundation.operations.exposition import exposition
from linli.web.foundation.operations.health import health
from linli.web.foundation.operations.meter import meter_of
from linli.web.foundation.screens.wording import said

__all__ = ["OperationsMiddleware", "SecureOnlyMiddleware", "may_read_metrics"]

say = catalogue("linli.web.foundation.operations")

FORWARDED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PROGRAMS: Final = ("/api/", "/open311/", "/calendar/")
"""Beginnings of the addresses that programs ask, not people."""
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class OperationsMiddleware:
    """The first middleware: a balancer asks by address, with no host name and no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.meter = meter_of(settings.DATA_DIR / "metrics")
        self.answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/health/live": _live,
            "/health/ready": _ready,
            "/health/worker": _worker,
            "/metrics": self._metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass on and count."""
        own = self.answers.get(request.path_info)
        if own is not None:
            response = own(request)
            response["Cache-Control"] = "no-store"
            # No later middleware sees these answers.
            response["X-Content-Type-Options"] = "nosniff"
            response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
            return response
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # The route, never the path: a path may name a case, and there is no end of paths.
        route = match.route if match is not None else ""
        method = request.method if request.method in METHODS else "other"
        self.meter.observe(
            (str(method), route, f"{response.status_code // 100}xx"), time.perf_counter() - started
        )
        return response

    def _metrics(self, request: HttpRequest) -> HttpResponse:
        if not may_read_metrics(request):
            return HttpResponse(status=403)
        return HttpResponse(exposition(self.meter.total(), timezone.now()), content_type=CONTENT_TYPE)


class SecureOnlyMiddleware:
    """Refuses what programs send without TLS; only people are led from http to https (ASVS 5.0, 4.1.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or pass on."""
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith(PROGRAMS):
            body = {"code": "https_only", "status": 403, "message": said(say("https_only"))}
            return JsonResponse({**body, "fields": {}, "findings": []}, status=403)
        return self.get_response(request)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whoever has the token, or a program on this machine that did not come through the reverse proxy."""
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return True
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


def _ready(request: HttpRequest) -> HttpResponse:
    found = health(timezone.now())
    return JsonResponse(found.as_dict(), status=200 if found.ready else 503)


def _worker(request: HttpRequest) -> HttpResponse:
    found = health(timezone.now())
    return JsonResponse(found.as_dict(), status=200 if found.worker else 503)
