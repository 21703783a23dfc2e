"""Look for rows that break a promise; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opsconsole import Effect, Figure, Link, Operation, permissions, registry

from .. import pages
from ..domain.findings import Severity
from ..fields import SEVERITIES, ModelField
from ..validating import validate

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun

MENDING = "mend_data_integrity"


class ValidateDataIntegrity(Operation):
    """``validate_data_integrity``: every check, or those about one model."""

    name = "validate_data_integrity"
    title = _("Validar la integridad de los datos")
    description = _(
        "Busca lo que contradice una promesa de los datos: en permisos, configuración, llamadas y "
        "sus métricas, rechazos, avisos, auditoría, corridas y archivos. No cambia nada."
    )
    section = _("Diagnóstico")
    effect = Effect.READS
    timeout_seconds = 3600
    unit = _("verificaciones")
    result_template = "admin/integrity/result.html"
    figures = (
        Figure("issues", _("Problemas")),
        Figure("errors", _("Errores")),
        Figure("warnings", _("Advertencias")),
        Figure("mendable", _("Se reparan solos"), _("con plan y confirmación")),
        Figure("checked", _("Verificaciones")),
    )

    class Params(forms.Form):
        """What is looked at, and what counts."""

        model = ModelField(
            label=_("Modelo"),
            help_text=_("Solo las verificaciones de este modelo, como «analytics.Call» o «call»."),
        )
        fail_on = forms.ChoiceField(
            label=_("Falla desde"),
            choices=[(one.value, title) for one, title in SEVERITIES.items()],
            initial=Severity.WARNING.value,
            help_text=_("La gravedad desde la que la corrida termina como fallida."),
        )
        json = forms.BooleanField(
            label=_("Como JSON"),
            required=False,
            help_text=_("El informe como documento JSON: en la terminal, o como archivo."),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any] | None:
        """Look and tell."""
        return validate(params, ctx)

    def result_details(self, run: JobRun, user: Any) -> dict[str, Any]:
        """The table of what was found."""
        return pages.details(run, user)

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """The way to mend it, for whoever may."""
        if not (run.result or {}).get("mendable"):
            return
        if permissions.may_run(registry.get(MENDING), user):
            url = reverse("admin:opsconsole_operation", args=[MENDING])
            model = run.params.get("model")
            query = f"?{urlencode({'model': model})}" if model else ""
            yield Link(title=_("Reparar lo que se pueda…"), url=f"{url}{query}")
