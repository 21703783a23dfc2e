"""What was changed, by whom, from where; and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from callcentersite.apps.common.acting import Source
from callcentersite.apps.common.browsing import NOTHING, BrowseOnlyAdmin
from callcentersite.apps.common.links import run_link
from opsconsole import OperationError
from opsconsole.admin.pages import page, problem_page
from opsconsole.exceptions import NotAllowed

from .. import services
from ..models import Configuracion, ConfiguracionChange
from . import looks

MAY_REVERT = "configuration.change_configuracion"


@admin.register(ConfiguracionChange)
class ConfiguracionChangeAdmin(BrowseOnlyAdmin):
    """The history: to read, to search, to go back; not to write."""

    list_display = ("at", "key", "what", "old", "new", "person", "door")
    list_display_links = ("at",)
    list_filter = ("action", "source", "at")
    search_fields = ("clave", "old_valor", "new_valor", "person", "detail")
    search_help_text = _("Parte de la clave, de un valor, de la persona o del detalle.")
    ordering = ("-at", "-id")
    change_form_template = "admin/configuration/change.html"
    fields = ("at", "key", "what", "person", "door", "difference")
    readonly_fields = fields

    class Media:
        css = {"all": ("callcentersite/configuration.css",)}

    @admin.display(description=_("clave"))
    def key(self, change: ConfiguracionChange) -> SafeString:
        return format_html("<code>{}</code>", change.clave)

    @admin.display(description=_("qué pasó"))
    def what(self, change: ConfiguracionChange) -> str:
        others = [name for name in change.other_fields if name != "activa"]
        label = str(ConfiguracionChange.Action(change.action).label)
        if change.action == ConfiguracionChange.Action.CHANGED and change.other_fields:
            label += " · " + ", ".join(others or [gettext("activa")])
        return label

    @admin.display(description=_("antes"), empty_value=NOTHING)
    def old(self, change: ConfiguracionChange) -> str | None:
        return looks.in_words(change.old_valor)

    @admin.display(description=_("después"), empty_value=NOTHING)
    def new(self, change: ConfiguracionChange) -> str | None:
        return looks.in_words(change.new_valor)

    @admin.display(description=_("desde"))
    def door(self, change: ConfiguracionChange) -> str | SafeString:
        label = change.get_source_display()
        number = change.detail.removeprefix("#")
        if change.source == Source.RUN and number.isdecimal():
            return format_html("{} {}", label, run_link(int(number)))
        return f"{label} · {change.detail}" if change.detail else str(label)

    @admin.display(description=_("diferencia"))
    def difference(self, change: ConfiguracionChange) -> SafeString:
        steps = looks.steps_of(change)
        return render_to_string("admin/configuration/difference.html", {"steps": steps})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(revert)
        name = "configuration_configuracionchange_revert"
        return [path("<uuid:pk>/revertir/", view, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With a way back, for those who may go it."""
        change = self.get_object(request, object_id)
        may = change is not None and services.may_be_reverted(change)
        extra = {"may_revert": may and request.user.has_perm(MAY_REVERT)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))


@require_http_methods(["GET", "HEAD", "POST"])
def revert(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """Show what would be as it was; then, confirmed, make it so."""
    title = _("No se revirtió nada")
    if not request.user.has_perm(MAY_REVERT):
        return problem_page(request, may_not(), title=title)
    change = get_object_or_404(ConfiguracionChange, pk=pk)
    if not services.may_be_reverted(change):
        return problem_page(request, nothing_before(change), title=title)
    if request.method != "POST":
        return ask(request, change)
    seen = None if request.POST.get("absent") else request.POST.get("seen", "")
    try:
        config = services.revert(change, seen=seen)
    except OperationError as error:
        return problem_page(request, error, title=title)
    except ValidationError as error:
        refused = OperationError(" ".join(error.messages), remedy=gettext("Cámbiela en su página."))
        return problem_page(request, refused, title=title)
    text = gettext("Revertido: %(key)s vuelve a ser %(value)s.") % {
        "key": config.clave,
        "value": looks.shown(config),
    }
    messages.success(request, text)
    return redirect("admin:configuration_configuracion_change", config.pk)


def ask(request: HttpRequest, change: ConfiguracionChange) -> HttpResponseBase:
    """The confirmation, with the value of now beside the one to come."""
    now = Configuracion.objects.filter(clave=services.clave_of(change)).first()
    return page(
        request,
        "admin/configuration/revert.html",
        title=_("Revertir un cambio"),
        change=change,
        now=now,
        now_in_words=looks.in_words(now.valor) if now else "",
        then_in_words=looks.in_words(change.old_valor),
        steps=looks.steps_of(change),
        same=now is not None and now.valor == change.old_valor and not change.other_fields,
    )


def may_not() -> OperationError:
    """The refusal for who may only read."""
    return NotAllowed(
        gettext("No puede revertir cambios de configuración."),
        cause=gettext("Falta el permiso %(permission)s.") % {"permission": MAY_REVERT},
        remedy=gettext("Pida el permiso a quien administra los usuarios."),
    )


def nothing_before(change: ConfiguracionChange) -> OperationError:
    """The refusal to go back before the beginning."""
    return OperationError(
        gettext("%(key)s no existía antes de este cambio.") % {"key": change.clave},
        remedy=gettext("Si sobra, elimínela en su página."),
    )
