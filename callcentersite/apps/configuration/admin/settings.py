"""The settings: by category, with what each may be and where it takes effect."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core import signing
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.admin import InterchangeAdmin
from opsconsole import OperationError, permissions
from opsconsole.admin.pages import page, problem_page
from opsconsole.params import command_line
from opsconsole.registry import get as operation_named

from .. import services
from ..domain.catalog import catalog, categories
from ..domain.effects import EFFECTS, effect_of
from ..forms import ConfiguracionForm
from ..models import Configuracion, ConfiguracionChange
from ..notices import notice
from ..resources import ConfiguracionResource
from ..wording import allowed, words_of
from . import looks

SALT = "configuration.restore"
RECENT = 8


class CategoryFilter(admin.SimpleListFilter):
    """By category, in the catalogue's order."""

    title = _("categoría")
    parameter_name = "categoria"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one, one.capitalize()) for one in categories()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(categoria=self.value()) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    """Those that somebody changed, or that take effect."""

    title = _("estado")
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("cambiada", _("Cambiadas")),
            ("omision", _("Por omisión")),
            ("inactiva", _("Inactivas")),
            ("rige", _("Que rigen")),
            ("publicada", _("Publicadas para otros sistemas")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = {
            "cambiada": Q(activa=True) & ~Q(valor=F("valor_default")),
            "omision": Q(activa=True, valor=F("valor_default")),
            "inactiva": Q(activa=False),
            "rige": Q(clave__in=[key for key, effect in EFFECTS.items() if effect.in_force]),
            "publicada": Q(clave__in=[key for key, effect in EFFECTS.items() if effect.published]),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(Configuracion)
class ConfiguracionAdmin(InterchangeAdmin):
    """Change a value, see what it was, put the default back. Keys come from the catalogue."""

    form = ConfiguracionForm
    resource_class = ConfiguracionResource
    background = "import_configuracion"
    list_display = ("what", "value", "state", "effect")
    list_display_links = ("what",)
    list_filter = (CategoryFilter, StateFilter)
    list_per_page = 100
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    search_fields = ("clave", "descripcion", "valor")
    search_help_text = _("Parte de la clave, de la descripción o del valor.")
    actions = ("restore_defaults",)
    fieldsets = (
        (None, {"fields": ("key", "descripcion", "valor", "activa", "seen")}),
        (_("Dónde rige"), {"fields": ("effect_sentence",)}),
        (_("Últimos cambios"), {"fields": ("recent_changes",)}),
    )
    readonly_fields = ("key", "descripcion", "effect_sentence", "recent_changes")

    class Media:
        css = {"all": ("callcentersite/configuration.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_restore_permission(self, request: HttpRequest) -> bool:
        """The right to restore, as for the operation that does the same."""
        return permissions.may_run(operation_named("seed_configuraciones_default"), request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look gets no hidden field."""
        if self.has_change_permission(request, obj):
            return self.fieldsets
        first = ("key", "descripcion", "value", "permitted", "default", "activa")
        return ((None, {"fields": first}), *self.fieldsets[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "value", "permitted", "default")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Configuracion]:
        """In the catalogue's order; keys that it does not have come last."""
        places = [When(clave=clave, then=Value(n)) for n, clave in enumerate(catalog())]
        place = Case(*places, default=Value(len(places)), output_field=IntegerField())
        rows: QuerySet[Configuracion] = Configuracion.objects.all()
        return rows.annotate(place=place).order_by("place", "clave")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("place", "clave")

    # What the list and the page say

    @admin.display(description=_("clave"))
    def key(self, config: Configuracion) -> SafeString:
        return format_html("<code>{}</code>", config.clave)

    @admin.display(description=_("clave"))
    def what(self, config: Configuracion) -> SafeString:
        return format_html("<code>{}</code><small>{}</small>", config.clave, config.descripcion)

    @admin.display(description=_("valor"))
    def value(self, config: Configuracion) -> str:
        return looks.shown(config)

    @admin.display(description=_("se admite"))
    def permitted(self, config: Configuracion) -> str:
        return allowed(config.rule, config.tipo_dato, config.unidad)

    @admin.display(description=_("por omisión"))
    def default(self, config: Configuracion) -> str:
        return words_of(config.valor_default, config.tipo_dato, config.unidad)

    @admin.display(description=_("estado"))
    def state(self, config: Configuracion) -> SafeString:
        return looks.chip(looks.state_of(config))

    @admin.display(description=_("efecto"))
    def effect(self, config: Configuracion) -> SafeString:
        return looks.chip(looks.effect_chip(effect_of(config.clave)))

    @admin.display(description=_("efecto"))
    def effect_sentence(self, config: Configuracion) -> SafeString:
        effect = effect_of(config.clave)
        return format_html(
            "{} {} {}",
            looks.chip(looks.effect_chip(effect)),
            gettext(effect.sentence),
            notice(config.clave),
        )

    @admin.display(description=_("cambios"))
    def recent_changes(self, config: Configuracion) -> SafeString:
        changes = list(ConfiguracionChange.objects.filter(clave=config.clave)[:RECENT])
        context = {"changes": changes, "all_url": history_url(config.clave)}
        return render_to_string("admin/configuration/recent_changes.html", context)

    # What may be done

    def save_model(self, request: HttpRequest, obj: Configuracion, form: Any, change: bool) -> None:
        """Save, and say what the difference was."""
        before = Configuracion.objects.get(pk=obj.pk)
        super().save_model(request, obj, form, change)
        if before.valor != obj.valor:
            text = gettext("Se guardó %(key)s: antes %(old)s, ahora %(new)s.") % {
                "key": obj.clave,
                "old": looks.shown(before),
                "new": looks.shown(obj),
            }
            self.message_user(request, text, messages.INFO)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own history knows only the admin; ours knows every door."""
        config = self.get_object(request, object_id)
        return HttpResponseRedirect(history_url(config.clave if config else ""))

    @admin.action(description=_("Restaurar valores por omisión…"), permissions=["restore"])
    def restore_defaults(
        self, request: HttpRequest, queryset: QuerySet[Configuracion]
    ) -> HttpResponseBase | None:
        """Show the difference first; then, confirmed, do exactly that."""
        try:
            if "confirmed" in request.POST:
                self._restore(request)
                return None
            found = services.differences(queryset.values_list("clave", flat=True))
            return self._ask(request, queryset, found)
        except OperationError as error:
            return problem_page(request, error, title=_("No se restauró nada"))

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Configuracion], found: list[Any]
    ) -> HttpResponseBase:
        changing = [difference for difference in found if difference.is_change]
        operation = operation_named("seed_configuraciones_default")
        claves = [difference.clave for difference in changing]
        return page(
            request,
            "admin/configuration/restore.html",
            title=_("Restaurar valores por omisión"),
            found=found,
            changing=changing,
            selected=list(queryset.values_list("pk", flat=True)),
            confirmed=signing.dumps([(one.clave, one.now) for one in changing], salt=SALT),
            command=command_line(operation, {"restore": claves}),
            back=reverse("admin:configuration_configuracion_changelist"),
        )

    def _restore(self, request: HttpRequest) -> None:
        """What was shown, or nothing."""
        try:
            shown = dict(signing.loads(request.POST["confirmed"], salt=SALT, max_age=3600))
        except signing.BadSignature:
            raise OperationError(
                gettext("La confirmación ya no vale: no se cambió nada."),
                remedy=gettext("Seleccione las configuraciones otra vez y revise la diferencia."),
            ) from None
        found = services.differences(shown)
        for difference in found:
            if difference.now != shown[difference.clave]:
                raise services.changed_meanwhile(difference.clave)
        count = services.restore(found)
        text = ngettext(
            "Se restauró %(count)s configuración.",
            "Se restauraron %(count)s configuraciones.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)


def history_url(clave: str) -> str:
    """The changes of one key."""
    address = reverse("admin:configuration_configuracionchange_changelist")
    return f"{address}?{urlencode({'clave__exact': clave})}"
