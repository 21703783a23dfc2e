"""``/health/``: for load balancers and container engines; no login, and nothing worth hiding."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from callcentersite.apps.common.sessionless import sessionless

from .probes import FAIL, NEEDED, OK, queue_words


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
    """Whether the console can do its work, pages and workers: 200, or 503 with what is missing."""
    return answer(needed() | queue_words())


@sessionless
@never_cache
@require_safe
def web_ready(request: HttpRequest) -> JsonResponse:
    """Whether pages may be asked for here: another web server would do no better with the queue."""
    return answer(needed())


def needed() -> dict[str, str]:
    """What no request can do without."""
    return {name: probe() for name, probe in NEEDED.items()}


def answer(checks: dict[str, str]) -> JsonResponse:
    """All of them, and one word for them."""
    status = FAIL if FAIL in checks.values() else OK
    return JsonResponse({"status": status, "checks": checks}, status=200 if status == OK else 503)
