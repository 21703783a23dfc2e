"""django-q2's own tables, guarded: read by whoever has the right, changed by nobody here.

Its stock admins accept any importable function, lose unreadable arguments in silence, and let
whoever may view a task submit it again.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ, Schedule, Success, Task

from ..states import Status
from .read_only import ReadOnlyAdmin
from .schedule_admin import ScheduleAdmin


class TaskAdmin(ReadOnlyAdmin):
    """What workers have done; runs are better read in their own list."""

    actions = None
    list_display = ("name", "func", "started", "stopped", "result_text")
    fields = ("label", "function", "began", "ended", "attempts", "result_text")
    readonly_fields = fields
    search_fields = ("=name", "=func")

    def get_queryset(self, request: HttpRequest) -> Any:
        # Pickles: what nobody reads here is not loaded either.
        return super().get_queryset(request).defer("args", "kwargs")

    # The page: the library's own help texts are in English.

    @admin.display(description=_("nombre"))
    def label(self, task: Task) -> str:
        return str(task.name)

    @admin.display(description=_("función"))
    def function(self, task: Task) -> str:
        return str(task.func)

    @admin.display(description=_("pedida"))
    def began(self, task: Task) -> str:
        return date_format(localtime(task.started), "DATETIME_FORMAT")

    @admin.display(description=_("terminada"))
    def ended(self, task: Task) -> str:
        return date_format(localtime(task.stopped), "DATETIME_FORMAT")

    @admin.display(description=_("intentos"))
    def attempts(self, task: Task) -> int:
        return int(task.attempt_count)

    @admin.display(description=_("resultado"))
    def result_text(self, task: Task) -> str:
        if task.result in Status.values:
            return str(Status(task.result).label)
        # A failure's traceback follows its message; runs show theirs to whom may see it.
        return str(task.result or "–").partition(" : Traceback (")[0][:200]


class BellAdmin(ReadOnlyAdmin):
    """What waits in the queue."""

    actions = None
    list_display = ("id", "name", "func", "lock")
    fields = ("key", "name", "func", "lock")
    readonly_fields = fields


for model in (Success, Failure, OrmQ, Schedule):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.register([Success, Failure], TaskAdmin)
admin.site.register(OrmQ, BellAdmin)
admin.site.register(Schedule, ScheduleAdmin)
