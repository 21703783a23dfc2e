"""Put the guide's programmes in place: once, however often it is run."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Operation, OperationError, permissions, registry, runner
from opsconsole.context import RunContext
from opsconsole.exceptions import BadInput, NotAllowed
from opsconsole.programmes import installing

from ..acting import acting_for
from ..guide_programmes import GUIDE, GuideProgramme


class SetupSchedules(Operation):
    """``setup_schedules``: ETL hourly, retention on Sundays, a backup each working night."""

    name = "setup_schedules"
    title = gettext_lazy("Instalar las tareas programadas de la guía")
    description = gettext_lazy(
        "Programa el ETL cada hora, la retención el domingo a las 02:00 y el respaldo de la "
        "configuración de lunes a viernes a las 03:00. Lo que ya tiene una tarea programada, "
        "activa o en pausa, se queda como está."
    )
    section = gettext_lazy("Puesta en marcha")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 60
    example = "--owner admin"
    figures = (Figure("created", gettext_lazy("Tareas programadas creadas")),)

    class Params(forms.Form):
        """In whose name they run."""

        owner = forms.CharField(
            label=gettext_lazy("A nombre de"),
            required=False,
            max_length=150,
            help_text=gettext_lazy(
                "La cuenta con cuyos permisos corren; sin decirla, la de quien lo pide."
            ),
        )
        dry_run = forms.BooleanField(
            label=gettext_lazy("Simular"),
            required=False,
            help_text=gettext_lazy("Mostrar qué se crearía, sin cambiar nada."),
        )

    def require(self, params: dict[str, Any], *, user: Any) -> None:
        """Somebody has to be named, or to ask."""
        if not params["owner"] and user is None:
            raise nobody()

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Say of each what is done with it, and do it."""
        owner = owner_of(params["owner"], ctx)
        missing = [one for one in GUIDE if not installing.has_programme(one.operation)]
        require_rights(missing, owner)
        for one in GUIDE:
            ctx.info(line_of(one, is_new=one in missing))
        if not params["dry_run"]:
            with acting_for(ctx):
                for one in missing:
                    installing.add(one.operation, name=str(one.name), cron=one.cron, owner=owner)
        ctx.say(summary(len(missing), dry_run=params["dry_run"]))
        return {"created": 0 if params["dry_run"] else len(missing)}


def owner_of(name: str, ctx: RunContext) -> Any:
    """The account that was named, else the one that asks; only a superuser names another's."""
    run = runner.find(ctx.run_id or 0)
    asking: Any = permissions.person(run.requested_by_id) if run.requested_by_id else None
    if not name and asking is None:
        raise nobody()
    owner = account(name) if name else asking
    if asking is not None and owner.pk != asking.pk and not asking.is_superuser:
        raise NotAllowed(
            _("Las tareas programadas se instalan a nombre propio."),
            remedy=_("Deje vacío «A nombre de», o pídalo a un superusuario."),
        )
    return owner


def nobody() -> BadInput:
    """The refusal of the terminal's own wish, for the terminal has no account."""
    return BadInput(
        {"owner": [_("Falta decir a nombre de quién corren las tareas programadas.")]},
        remedy=_("Repita con --owner USUARIO."),
    )


def account(name: str) -> Any:
    """The account of that name."""
    found = get_user_model()._default_manager.filter(username=name).first()
    if found is None:
        raise OperationError(_("No existe la cuenta «%(name)s».") % {"name": name})
    return found


def require_rights(programmes: list[GuideProgramme], owner: Any) -> None:
    """Raise unless the owner may do all of it: a programme of anybody else is suspended."""
    operations = [registry.get(one.operation) for one in programmes]
    lacking = [one.permission() for one in operations if not permissions.may_run(one, owner)]
    if lacking:
        raise NotAllowed(
            _("%(name)s no puede ejecutar todo lo que se programaría.")
            % {"name": owner.get_username()},
            cause=_("Falta el permiso %(permission)s.") % {"permission": ", ".join(lacking)},
            remedy=_("Elija otra cuenta con --owner, o dele los permisos."),
        )


def line_of(programme: GuideProgramme, *, is_new: bool) -> str:
    """``run_etl (0 * * * *): se crea``."""
    what = {"operation": programme.operation, "cron": programme.cron}
    if is_new:
        return _("%(operation)s (%(cron)s): se programa") % what
    return _("%(operation)s (%(cron)s): ya tiene una tarea programada, se queda como está") % what


def summary(count: int, *, dry_run: bool) -> str:
    """The last line."""
    if dry_run:
        text = ngettext(
            "Simulación: se crearía %(count)s tarea programada",
            "Simulación: se crearían %(count)s tareas programadas",
            count,
        )
    else:
        text = ngettext(
            "%(count)s tarea programada creada", "%(count)s tareas programadas creadas", count
        )
    return text % {"count": count}
