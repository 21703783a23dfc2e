"""What people read when they open, save or delete a programme: its name, never its function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from ..programmes import describing
from .lists import NamedList


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the pages call a programme."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


class ProgrammeAnswers(NamedList):
    """django-q2 calls every row by its function; people, by its name."""

    list_title = _("Tareas programadas")
    nothing_yet = _("Nada corre por sí solo todavía. Agregue una tarea programada.")

    def _shown(self, request: HttpRequest, object_id: str | None) -> Shown | None:
        """The programme of a page; None: there is none, and Django says so."""
        schedule = self.get_object(request, object_id) if object_id else None
        if schedule is None:
            return None
        return Shown(pk=schedule.pk, name=describing.label(schedule))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        named = {"title": _("Tarea programada"), "subtitle": None, **(extra_context or {})}
        if shown := self._shown(request, object_id):
            named["original"] = shown
        return super().changeform_view(request, object_id, form_url, named)

    def response_add(
        self, request: HttpRequest, obj: Schedule, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._said(request, obj, _("Se agregó la tarea programada «%(name)s»."))

    def response_change(self, request: HttpRequest, obj: Schedule) -> HttpResponse:
        return self._said(request, obj, _("Se guardó la tarea programada «%(name)s»."))

    def _said(self, request: HttpRequest, schedule: Schedule, sentence: Any) -> HttpResponse:
        """Say it, and go where the button leads."""
        text = sentence % {"name": describing.label(schedule)}
        self.message_user(request, text, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(address_of("change", schedule.pk))
        return HttpResponseRedirect(
            address_of("add" if "_addanother" in request.POST else "changelist")
        )

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        self.message_user(request, _("Se eliminó la tarea programada."), messages.SUCCESS)
        return HttpResponseRedirect(address_of("changelist"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        _named, _counts, missing, protected = super().get_deleted_objects(objs, request)
        counts = {_("tareas programadas"): len(objs)}
        return [describing.label(one) for one in objs], counts, missing, protected

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        named: dict[str, Any] = {}
        if shown := self._shown(request, object_id):
            named = {"object": shown, "object_name": _("tarea programada")}
        return super().delete_view(request, object_id, named | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        named: dict[str, Any] = {}
        if shown := self._shown(request, object_id):
            named = {"object": shown, "title": _("Histórico de «%(name)s»") % {"name": shown}}
        return super().history_view(request, object_id, named | (extra_context or {}))


def address_of(page: str, *args: Any) -> str:
    """A page of the programmes."""
    return reverse(f"admin:django_q_schedule_{page}", args=args)
