"""Remove what has outlived its policy: shown, confirmed, exactly what was shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Link, Operation, Plan, permissions, registry
from opsconsole.context import RunContext
from opsconsole.models import JobRun, SealedPlan
from opsconsole.text import Text

from .. import applying, archives, planning, policies, reaching, targets, undoing
from ..domain.sizes import in_words
from ..fields import TableField
from ..models import RetentionRemoval
from ..tables import open_table

VACUUM_ABOVE = 10_000


class ApplyRetention(Operation):
    """``apply_retention``: the policies, in their order, a transaction per table."""

    name = "apply_retention"
    title = gettext_lazy("Aplicar políticas de retención")
    description = gettext_lazy(
        "Elimina o anonimiza lo que ya cumplió el plazo de su política. Primero muestra qué, y "
        "después hace exactamente eso o nada."
    )
    section = gettext_lazy("Datos")
    effect = Effect.DESTROYS
    exclusive = True
    timeout_seconds = 3 * 3600
    grace_seconds = 120
    unit = gettext_lazy("registros")
    keeps_plan = True
    plan_template = "admin/data_centralization/plan.html"
    question = gettext_lazy("¿Confirmar eliminacion? (yes/no): ")
    undone_by = "undo_retention"
    figures = (
        Figure("deleted", gettext_lazy("Eliminados")),
        Figure("anonymised", gettext_lazy("Anonimizados")),
        Figure(
            "freed",
            gettext_lazy("Espacio"),
            gettext_lazy(
                "Bytes de las filas y sus archivos, de más de 100 000 filas por una muestra; el "
                "disco los reutiliza tras VACUUM."
            ),
        ),
        Figure("policies", gettext_lazy("Por política")),
    )

    class Params(forms.Form):
        """All policies, or those of one table."""

        table = TableField(
            label=gettext_lazy("Tabla"),
            required=False,
            help_text=gettext_lazy("Solo las políticas de esta tabla."),
        )

    def plan(self, params: dict[str, Any]) -> Plan:
        """What would go, sealed."""
        return planning.make(params["table"])

    def recheck(self, params: dict[str, Any], shown: SealedPlan) -> None:
        """What the policies say, then row by row, by key and version."""
        policies.require_unchanged(shown.fixed["policies"])
        applying.require_same(shown)

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Do it; the figures are those of what was committed."""
        archives.forget_left_over()
        assert ctx.plan is not None  # noqa: S101  (the engine gives it)
        policies.require_unchanged(ctx.plan.fixed["policies"])
        ctx.say(_("Eliminando..."))
        blanked = reaching.blank(ctx.plan, ctx)
        application = applying.Application(ctx.plan, applying.steps_of(ctx.plan), ctx)
        try:
            application.perform()
        except BaseException:
            tell_done([*application.removals, *blanked], ctx)
            raise
        removals = [*application.removals, *blanked]
        result = result_of(removals)
        tell(removals, ctx)
        return result

    def if_cancelled(self, run: JobRun) -> Text:
        """For the card on the run's page."""
        return _("La tabla en curso quedará entera, como estaba; las ya terminadas no vuelven.")

    def undo_notice(self, run: JobRun) -> tuple[Text, bool]:
        """Until when, or why not."""
        found = list(RetentionRemoval.objects.filter(run=run.pk))
        return undo_words(found)

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """To VACUUM, after so much that it is worth while."""
        vacuum = registry.get("vacuum_tables")
        deleted = (run.result or {}).get("deleted", 0)
        if deleted > VACUUM_ABOVE and permissions.may_run(vacuum, user):
            url = reverse("admin:opsconsole_operation", args=[vacuum.name])
            yield Link(title=vacuum.title, url=url)


def result_of(removals: list[RetentionRemoval]) -> dict[str, Any]:
    """The run's figures."""
    deleted = sum(one.rows for one in removals if one.action == targets.DELETE)
    return {
        "deleted": deleted,
        "anonymised": sum(one.rows for one in removals) - deleted,
        "freed": in_words(freed(removals)),
        "freed_bytes": freed(removals),
        "policies": {one.policy: one.rows for one in removals},
    }


def freed(removals: list[RetentionRemoval]) -> int:
    """Bytes of the deleted rows; what is anonymised stays where it is."""
    return sum(one.size_bytes for one in removals if one.action == targets.DELETE)


def tell(removals: list[RetentionRemoval], ctx: RunContext) -> None:
    """The guide's last lines."""
    result = result_of(removals)
    blanked = result["anonymised"]
    if result["deleted"] or not blanked:
        ctx.success(_("%(count)s registros eliminados") % {"count": result["deleted"]})
    if blanked:
        text = ngettext(
            "%(count)s registro anonimizado", "%(count)s registros anonimizados", blanked
        )
        ctx.success(text % {"count": blanked})
    ctx.say(_("Espacio liberado: %(size)s") % {"size": result["freed"]})
    if any(is_estimated(one) for one in removals):
        ctx.info(_("El espacio se calculó con una muestra: eran más de 100 000 filas."))
    if result["deleted"] > VACUUM_ABOVE:
        ctx.debug(_("El disco lo reutiliza tras VACUUM: python manage.py vacuum_tables"))


def tell_done(removals: list[RetentionRemoval], ctx: RunContext) -> None:
    """What stays done although the run does not end well."""
    if removals:
        ctx.figures(**result_of(removals))
        done = ", ".join(f"{one.policy} ({one.rows})" for one in removals)
        ctx.warning(_("Antes de detenerse terminó: %(done)s.") % {"done": done})


def is_estimated(removal: RetentionRemoval) -> bool:
    """Whether the bytes of its rows are those of a sample; what stays where it is, frees none."""
    if removal.action != targets.DELETE:
        return False
    return open_table(targets.get(removal.target)).estimates(removal.rows)


def undo_words(found: list[RetentionRemoval]) -> tuple[str, bool]:
    """What the run's page says about undoing it."""
    now = timezone.now()
    archived = [one for one in found if undoing.is_restorable(one, now=now)]
    if archived:
        until = min(one.restorable_until for one in archived if one.restorable_until)
        names = ", ".join(one.policy for one in archived)
        text = _("Se puede deshacer hasta el %(day)s: %(names)s.")
        return text % {"day": date_format(localtime(until), "j b Y, H:i"), "names": names}, True
    if any(one.restored_at for one in found):
        return _("Esta corrida ya se deshizo."), False
    if found:
        return _("No se puede deshacer. %(why)s") % {"why": undoing.why_not(found)}, False
    return "", False
