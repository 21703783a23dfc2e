"""``/metrics``: the figures of the health in Prometheus's text form, for whoever may scrape."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from callcentersite.apps.access.addresses import client_address
from callcentersite.apps.common.sessionless import sessionless

from .metrics import HealthCollector
from .selectors import facts_lately

SCHEME = "Bearer "


@sessionless
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """401 for a wrong token or none; 403 where only networks are let in."""
    if not may_scrape(request):
        return refused()
    registry = CollectorRegistry()
    registry.register(HealthCollector(facts_lately()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """Whether it brings the token, or comes from a network that needs none."""
    token, given = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if token and constant_time_compare(given, SCHEME + token):
        return True
    address = client_address(request)
    return address is not None and any(
        ip_address(address) in network for network in settings.METRICS_NETWORKS
    )


def refused() -> HttpResponse:
    """Without a word about what would be there."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=403, content_type="text/plain")
    answer = HttpResponse(status=401, content_type="text/plain")
    answer["WWW-Authenticate"] = SCHEME.strip()
    return answer
