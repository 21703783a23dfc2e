"""Create the settings of the catalogue that are missing; put defaults back where asked to."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.apps.common.acting import acting_for
from opsconsole import Effect, Figure, Operation
from opsconsole.context import RunContext

from .. import services
from ..domain.catalog import catalog, categories


def keys() -> list[tuple[str, str]]:
    """The keys of the catalogue, to choose from."""
    return [(clave, clave) for clave in catalog()]


class SeedConfiguracionesDefault(Operation):
    """``seed_configuraciones_default``: again and again, and nothing that was changed is lost."""

    name = "seed_configuraciones_default"
    title = gettext_lazy("Poblar configuraciones")
    description = gettext_lazy(
        "Crea las configuraciones del catálogo que falten, con su valor por omisión; las que ya "
        "están se quedan como están. Con --restore devuelve a su valor por omisión las claves que "
        "se indiquen, y muestra la diferencia."
    )
    section = gettext_lazy("Puesta en marcha")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 300
    unit = gettext_lazy("configuraciones")
    figures = (
        Figure("created", gettext_lazy("Creadas")),
        Figure("restored", gettext_lazy("Restauradas")),
    )

    class Params(forms.Form):
        """Both may be left out."""

        restore = forms.MultipleChoiceField(
            label=gettext_lazy("Restaurar"),
            required=False,
            choices=keys,
            help_text=gettext_lazy(
                "Claves que vuelven a su valor por omisión, en lugar de crear las que falten."
            ),
        )
        dry_run = forms.BooleanField(
            label=gettext_lazy("Simular"),
            required=False,
            help_text=gettext_lazy("Mostrar qué cambiaría, sin cambiar nada."),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any] | None:
        """Do it, in one transaction."""
        with acting_for(ctx), transaction.atomic():
            if params["restore"]:
                return restore(params["restore"], ctx, dry_run=params["dry_run"])
            return seed(ctx, dry_run=params["dry_run"])


def seed(ctx: RunContext, *, dry_run: bool) -> dict[str, int]:
    """Create what is missing, category by category, in the guide's words."""
    ctx.say(_("Iniciando seed de configuraciones por defecto..."))
    count = 0
    for categoria in categories():
        ctx.say(_("Creando configuraciones de %(category)s...") % {"category": categoria})
        count += len(services.missing(categoria)) if dry_run else services.seed(categoria)
        ctx.check_cancelled()
    ctx.say(seed_summary(count, dry_run=dry_run))
    return {"created": 0 if dry_run else count}


def seed_summary(count: int, *, dry_run: bool) -> str:
    """The last line."""
    if dry_run:
        text = ngettext(
            "Simulación: se crearía %(count)s configuración",
            "Simulación: se crearían %(count)s configuraciones",
            count,
        )
    else:
        text = ngettext(
            "Seed completado: %(count)s configuración creada",
            "Seed completado: %(count)s configuraciones creadas",
            count,
        )
    return text % {"count": count}


def restore(claves: list[str], ctx: RunContext, *, dry_run: bool) -> dict[str, int]:
    """Show the difference of each key, then put the defaults back."""
    ctx.say(_("Restaurando valores por omisión..."))
    found = services.differences(claves)
    for difference in found:
        ctx.say(difference_line(difference))
    count = sum(one.is_change for one in found) if dry_run else services.restore(found)
    ctx.say(restore_summary(count, dry_run=dry_run))
    return {"restored": 0 if dry_run else count}


def difference_line(difference: services.Difference) -> str:
    """``seguridad.session_timeout: 1800 → 900 segundos``."""
    if not difference.is_change:
        return _("%(key)s: sin cambio (%(value)s)") % {
            "key": difference.clave,
            "value": difference.default,
        }
    return _("%(key)s: %(now)s → %(default)s") % {
        "key": difference.clave,
        "now": _("no existe") if difference.now is None else difference.now,
        "default": f"{difference.default} {difference.unidad}".strip(),
    }


def restore_summary(count: int, *, dry_run: bool) -> str:
    """The last line."""
    if dry_run:
        text = ngettext(
            "Simulación: se restauraría %(count)s configuración",
            "Simulación: se restaurarían %(count)s configuraciones",
            count,
        )
    else:
        text = ngettext(
            "Restauración completada: %(count)s configuración restaurada",
            "Restauración completada: %(count)s configuraciones restauradas",
            count,
        )
    return text % {"count": count}
