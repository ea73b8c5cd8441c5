# SPDX-License-Identifier: Apache-2.0
"""What is seen of each request: a correlation id, one log line, three measures, and the probe.

Routes are written as their patterns, never as the paths that were asked for: no reference,
name, address or body of anybody enters a log or a measure.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

from comity.jobs.correlation import correlation, new_correlation

log = logging.getLogger("comity.request")
REQUESTS = Counter("comity_requests", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram("comity_request_seconds", "Time to answer a request.", ("route",))
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PROBE_HEADER = "X-Comity-Probe"
CORRELATION_HEADER = "X-Request-Id"
UNROUTED = "(none)"


class ObservationMiddleware:
    """Outermost: everything that a request causes carries its correlation id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the supervisor's probe, or pass the request on and write its line."""
        if request.path.startswith("/health/") and _is_probe(request):
            return _health(request.path)
        offered = request.headers.get(CORRELATION_HEADER, "") if _behind_proxy() else ""
        token = correlation.set(new_correlation(offered))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[CORRELATION_HEADER] = correlation.get()
            _observe(request, response.status_code, time.perf_counter() - began)
        finally:
            correlation.reset(token)
        return response


def _observe(request: HttpRequest, status: int, seconds: float) -> None:
    route = f"/{request.resolver_match.route}" if request.resolver_match else UNROUTED
    method = request.method if request.method in METHODS else "OTHER"
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    facts = {"method": method, "route": route, "status": status}
    log.info("request", extra=facts | {"milliseconds": round(seconds * 1000, 1)})


def _behind_proxy() -> bool:
    return bool(settings.ENVIRONMENT.trusted_proxies)


def _is_probe(request: HttpRequest) -> bool:
    """Whether the supervisor asks: it alone can read the word in the node's folder."""
    try:
        word = (settings.ENVIRONMENT.home / "probe").read_bytes()
    except OSError:
        return False
    return hmac.compare_digest(request.headers.get(PROBE_HEADER, "").encode(), word)


def _health(path: str) -> HttpResponse:
    if path == "/health/ready":
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse(status=503)
    return HttpResponse(status=204 if path == "/health/live" else 200)
