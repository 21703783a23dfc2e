"""Make the space of deleted rows reusable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole import Effect, Figure, Operation
from opsconsole.context import RunContext

from .. import targets
from ..fields import TableField
from ..tables import open_table


class VacuumTables(Operation):
    """``vacuum_tables``: VACUUM (ANALYZE) of the tables that retention cleans."""

    name = "vacuum_tables"
    title = gettext_lazy("Recuperar espacio")
    description = gettext_lazy(
        "Ejecuta VACUUM (ANALYZE) en las tablas que limpia la retención: el espacio de lo "
        "eliminado se puede volver a usar. No detiene a nadie."
    )
    section = gettext_lazy("Datos")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 3600
    unit = gettext_lazy("tablas")
    figures = (Figure("tables", gettext_lazy("Tablas")),)

    class Params(forms.Form):
        """All of them, or one."""

        table = TableField(
            label=gettext_lazy("Tabla"),
            required=False,
            help_text=gettext_lazy("Solo esta tabla; si no, todas."),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """One after the other; a table that several targets share once."""
        chosen = [targets.get(params["table"])] if params["table"] else targets.everything()
        tables = {(one.alias, one.get_model()): open_table(one) for one in chosen}
        for table in ctx.track(list(tables.values())):
            table.vacuum()
            ctx.info(_("%(table)s: hecho") % {"table": table.model._meta.db_table})
        return {"tables": len(tables)}
