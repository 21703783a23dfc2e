"""Create the guide's policies where they are missing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Operation
from opsconsole.context import RunContext

from .. import seeding


class SeedRetentionPolicies(Operation):
    """``seed_retention_policies``: again and again; what was changed stays as it is."""

    name = "seed_retention_policies"
    title = gettext_lazy("Poblar políticas de retención")
    description = gettext_lazy(
        "Crea las políticas de la guía que falten; las que ya están se quedan como están."
    )
    section = gettext_lazy("Puesta en marcha")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 300
    figures = (Figure("created", gettext_lazy("Creadas")),)

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """In one transaction."""
        ctx.say(_("Iniciando seed de políticas de retención..."))
        with transaction.atomic():
            created = seeding.seed()
        for policy in created:
            ctx.info(policy.name if policy.active else _("%s (inactiva)") % policy.name)
        text = ngettext(
            "Seed completado: %(count)s política creada",
            "Seed completado: %(count)s políticas creadas",
            len(created),
        )
        ctx.say(text % {"count": len(created)})
        return {"created": len(created)}
