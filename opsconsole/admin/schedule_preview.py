"""The next five times of a programme that is being filled in; nothing is written."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from .schedule_columns import by_clocks
from .schedule_form import ScheduleForm

RIGHTS = ("django_q.add_schedule", "django_q.change_schedule")


@require_safe
def preview(request: HttpRequest) -> JsonResponse:
    """``{"times": […]}``, or ``{"problems": […]}`` while there is something to correct."""
    if not any(request.user.has_perm(right) for right in RIGHTS):
        return JsonResponse({"problems": []}, status=403)
    form = type("PreviewForm", (ScheduleForm,), {"user": request.user})(request.GET)
    try:
        found = form.coming()
    except ValidationError as error:
        return JsonResponse({"problems": error.messages})
    zone = form.cleaned_data["zone"]
    return JsonResponse({"times": [by_clocks(moment, zone) for moment in found]})
