"""The policies: edited beside what they would do today, imported, exported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.admin import InterchangeAdmin
from opsconsole.admin.actions import operation_action

from .. import policies, preview, targets
from ..models import RetentionPolicy
from ..models.policy import days_keys
from ..resources import RetentionPolicyResource


class RetentionPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Tables, conditions and settings are chosen among those there are."""

    target = forms.ChoiceField(label=_("Tabla"), choices=targets.choices)
    condition = forms.ChoiceField(
        label=_("Condición"),
        required=False,
        choices=lambda: [("", "—"), *conditions()],
        help_text=_("Solo las filas que además la cumplen; la ofrece la tabla."),
    )
    config_key = forms.ChoiceField(
        label=_("Configuración"),
        required=False,
        choices=lambda: [("", "—"), *days_keys()],
        help_text=_("Clave que guarda los días, en lugar de escribirlos aquí."),
    )

    class Meta:
        model = RetentionPolicy
        fields = RetentionPolicyResource.Meta.fields


def conditions() -> list[tuple[str, str]]:
    """What the registered tables offer, each name once."""
    found = {
        name: f"{condition.title} ({target.name})"
        for target in targets.everything()
        for name, condition in target.conditions.items()
    }
    return sorted(found.items())


@admin.register(RetentionPolicy)
class RetentionPolicyAdmin(InterchangeAdmin):
    """A few rows, each with its effect of today."""

    form = RetentionPolicyForm
    resource_class = RetentionPolicyResource
    list_display = ("name", "what", "kept_for", "floor_days", "archive", "active", "today")
    search_fields = ("name", "target")
    readonly_fields = ("today_live",)
    actions = (
        operation_action(
            "apply_retention",
            params=lambda rows: {"table": table_of(rows)},
            label=_("Ver qué se eliminaría"),
        ),
    )
    fieldsets = (
        (None, {"fields": ("name", "target", "action", "condition", "active", "order")}),
        (_("Plazo"), {"fields": ("days", "config_key", "floor_days", "today_live")}),
        (_("Vuelta atrás"), {"fields": ("archive", "archive_days")}),
        (_("Quién mira"), {"fields": ("max_rows", "needs_approval")}),
    )

    class Media:
        js = ("callcentersite/retention_policy.js",)

    # The list

    @admin.display(description=_("tabla"), ordering="target")
    def what(self, policy: RetentionPolicy) -> str:
        return f"{policy.get_action_display()} {policy.target}"

    @admin.display(description=_("se conserva"))
    def kept_for(self, policy: RetentionPolicy) -> str:
        days = policies.days_of(policy)
        text = ngettext("%(days)s día", "%(days)s días", days) % {"days": days}
        return f"{text} ({policy.config_key})" if policy.config_key else text

    @admin.display(description=_("hoy"))
    def today(self, policy: RetentionPolicy) -> str:
        return preview.sentence(policy)

    # The form

    @admin.display(description=_("hoy"))
    def today_live(self, policy: RetentionPolicy | None) -> str:
        """What the saved policy would do; the page keeps it in step with what is typed."""
        text = gettext("Guarde la política para ver cuántas filas son hoy.")
        if policy is not None and policy.pk:
            text = preview.sentence(policy)
        url = reverse("admin:data_centralization_retentionpolicy_preview")
        return render_to_string("admin/data_centralization/today.html", {"text": text, "url": url})

    def get_urls(self) -> list[URLPattern]:
        """With the preview."""
        view = self.admin_site.admin_view(self.preview_view)
        name = "data_centralization_retentionpolicy_preview"
        return [path("hoy/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What the form, as it is typed, would do today; nothing is written."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        known = RetentionPolicy.objects.filter(name=request.GET.get("name", "")).first()
        form = RetentionPolicyForm(request.GET, instance=known)
        # The name and its uniqueness are another matter.
        form.fields["name"].required = False
        form.fields["order"].required = False
        if form.is_valid():
            policy = form.save(commit=False)
            return JsonResponse({"text": preview.sentence(policy)})
        errors = [text for name, texts in form.errors.items() if name != "name" for text in texts]
        return JsonResponse({"text": " ".join(map(str, errors))})


def table_of(rows: Any) -> str:
    """The one table of the selected policies; all, where they are of several."""
    names = set(rows.values_list("target", flat=True))
    return names.pop() if len(names) == 1 else ""
