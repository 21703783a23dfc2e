"""The right to be forgotten: find a person everywhere, show where, erase, certify."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Operation, Plan
from opsconsole.context import RunContext
from opsconsole.models import JobRun, SealedPlan
from opsconsole.text import Text

from .. import applying, erasing, targets
from ..models import RetentionRemoval
from ..phones import e164


class ErasePerson(Operation):
    """``erase_person``: by customer number, by phone, or by both."""

    name = "erase_person"
    title = gettext_lazy("Borrar a una persona")
    description = gettext_lazy(
        "Busca a una persona en todas las tablas registradas, muestra dónde está, la borra y deja "
        "un certificado. No se puede deshacer."
    )
    section = gettext_lazy("Datos")
    effect = Effect.DESTROYS
    exclusive = True
    timeout_seconds = 3600
    grace_seconds = 120
    unit = gettext_lazy("registros")
    keeps_plan = True
    plan_template = "admin/data_centralization/person_plan.html"
    question = gettext_lazy("¿Confirmar el borrado? (yes/no): ")
    capability = "sistema.operaciones.clientes.eliminar"
    example = "--phone=5512345678"
    sensitive = frozenset({"customer_id", "phone"})
    figures = (
        Figure("anonymised", gettext_lazy("Anonimizados")),
        Figure("deleted", gettext_lazy("Eliminados")),
        Figure("policies", gettext_lazy("Por tabla")),
    )

    class Params(forms.Form):
        """At least one of them."""

        customer_id = forms.IntegerField(
            label=gettext_lazy("Número de cliente"),
            required=False,
            min_value=1,
            max_value=2**63 - 1,
            help_text=gettext_lazy("El que usa la telefonía."),
        )
        phone = forms.CharField(
            label=gettext_lazy("Teléfono"),
            required=False,
            max_length=32,
            help_text=gettext_lazy("Como se marca, o con + y el código del país."),
        )

        def clean_phone(self) -> str:
            """As the calls have it."""
            text = self.cleaned_data["phone"]
            number = e164(text) if text else ""
            if text and not number:
                raise ValidationError(_("No es un número de teléfono."))
            return number

        def clean(self) -> dict[str, Any]:
            cleaned = super().clean() or {}
            if not self.errors and not (cleaned.get("customer_id") or cleaned.get("phone")):
                raise ValidationError(_("Indique el número de cliente, el teléfono o los dos."))
            return cleaned

    def plan(self, params: dict[str, Any]) -> Plan:
        """Where the person is."""
        return erasing.make(person_of(params))

    def recheck(self, params: dict[str, Any], shown: SealedPlan) -> None:
        """The same rows, unchanged."""
        erasing.require_same(shown, person_of(params))

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """A transaction per table, then the certificate."""
        assert ctx.plan is not None  # noqa: S101  (the engine gives it)
        person = person_of(params)
        ctx.say(_("Borrando..."))
        steps = [step for step in erasing.steps_of(ctx.plan, person) if step.facts["rows"]]
        removals = erasing.erase_files(ctx.plan, person, run_id=ctx.run_id or 0)
        removals += applying.Application(ctx.plan, steps, ctx).perform()
        text = erasing.certificate(
            person, removals, run_id=ctx.run_id or 0, by=ctx.requested_by, at=timezone.now()
        )
        ctx.artifact("certificado-de-borrado.txt", text, content_type="text/plain")
        rows = sum(one.rows for one in removals)
        deleted = sum(one.rows for one in removals if one.action == targets.DELETE)
        said = ngettext("%(rows)s registro borrado", "%(rows)s registros borrados", rows)
        ctx.success(said % {"rows": rows})
        return {
            "anonymised": rows - deleted,
            "deleted": deleted,
            "policies": {one.target: one.rows for one in removals},
        }

    def if_cancelled(self, run: JobRun) -> Text:
        """For the card on the run's page."""
        return _("La tabla en curso quedará como estaba; en las ya terminadas no vuelve.")

    def undo_notice(self, run: JobRun) -> tuple[Text, bool]:
        """Never."""
        if not RetentionRemoval.objects.filter(run=run.pk).exists():
            return "", False
        return _("No se puede deshacer: se borraron datos personales, y no se archivan."), False


def person_of(params: dict[str, Any]) -> erasing.Person:
    """Who is meant."""
    return erasing.Person(customer_id=params["customer_id"], phone=params["phone"])
