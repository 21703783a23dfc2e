"""``/health/``: for load balancers and container engines; no login, and nothing worth hiding."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from callcentersite.apps.common.sessionless import sessionless

from .probes import FAIL, NEEDED, OK, queue_word


@sessionless
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """This process answers; asks nobody else, for a restart would mend nobody else."""
    return JsonResponse({"status": OK})


@sessionless
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Whether traffic may be sent here: 200, or 503 with what is missing."""
    checks = {name: probe() for name, probe in NEEDED.items()}
    status = FAIL if FAIL in checks.values() else OK
    body = {"status": status, "checks": checks | {"queue": queue_word()}}
    return JsonResponse(body, status=200 if status == OK else 503)
