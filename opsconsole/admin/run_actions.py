"""What may be done with several runs of the list at once; the runner says yes or no to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import registry, runner
from ..doors import Door
from ..exceptions import OperationError
from ..models import JobRun, Origin
from ..operations import Effect
from .actions import size_of, too_many

SHOWN_REFUSALS = 3


@admin.action(description=_("Cancelar las corridas seleccionadas"), permissions=["cancel"])
def cancel_selected(modeladmin: Any, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
    """Ask each of them to end."""
    done = each(request, queryset, runner.cancel)
    if done:
        text = ngettext(
            "Se pidió cancelar %(count)s corrida.", "Se pidió cancelar %(count)s corridas.", done
        )
        messages.success(request, text % {"count": done})


@admin.action(description=_("Repetir las corridas seleccionadas"), permissions=["retry"])
def retry_selected(modeladmin: Any, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
    """Queue each of them again."""
    done = each(request, queryset, again)
    if done:
        text = ngettext(
            "Se puso en cola %(count)s corrida.", "Se pusieron en cola %(count)s corridas.", done
        )
        messages.success(request, text % {"count": done})


def again(run: JobRun, *, door: Door) -> JobRun:
    """Repeat it, unless it destroys: then somebody has to read its plan first."""
    operation = registry.find(run.operation)
    if operation is not None and operation.effect is Effect.DESTROYS:
        raise OperationError(
            _("Lo que elimina no se repite sin ver su plan."),
            cause=_("Láncelo desde la página de la operación."),
        )
    return runner.retry(run, door=door)


def each(request: HttpRequest, queryset: QuerySet[JobRun], verb: Callable[..., JobRun]) -> int:
    """Do it run by run, the oldest first; return how many were done."""
    if size_of(queryset) is None:
        messages.error(request, too_many())
        return 0
    door = Door(origin=Origin.ADMIN, user=request.user)
    done, refusals = 0, []
    pks = list(queryset.values_list("pk", flat=True))
    for run in JobRun.objects.filter(pk__in=pks).order_by("pk"):
        try:
            verb(run, door=door)
            done += 1
        except OperationError as error:
            refusals.append(f"#{run.pk}: {error.message} {error.cause}")
    say_refusals(request, refusals)
    return done


def say_refusals(request: HttpRequest, refusals: list[str]) -> None:
    """The first few in full, the rest as a number."""
    for refusal in refusals[:SHOWN_REFUSALS]:
        messages.warning(request, refusal)
    rest = len(refusals) - SHOWN_REFUSALS
    if rest > 0:
        text = ngettext("Y %(count)s corrida más.", "Y %(count)s corridas más.", rest)
        messages.warning(request, text % {"count": rest})
