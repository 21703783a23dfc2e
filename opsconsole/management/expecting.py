"""``console expect``: say which runs the system's cron should launch, and see or drop them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .. import registry
from ..exceptions import BadInput, OperationError
from ..models import Expectation
from ..programmes import cron, declaring, lengths
from ..programmes.orders import cron_problem
from .base import add_account_argument, door_of

if TYPE_CHECKING:
    from .base import ConsoleCommand


def add_arguments(parser: CommandParser) -> None:
    """``expect NAME --cron … --grace …``, ``expect --list``, ``expect NAME --remove``."""
    parser.add_argument("name", nargs="?", metavar=_("NOMBRE"), help=_("Qué operación se espera."))
    parser.add_argument("--cron", metavar="CRON", help=_("Cuándo: la expresión del crontab."))
    parser.add_argument(
        "--grace",
        default="10m",
        metavar=_("MARGEN"),
        help=_("Cuánto puede tardar en empezar: 30s, 10m, 2h. Sin decirlo, 10m."),
    )
    parser.add_argument(
        "--zone", metavar=_("ZONA"), help=_("La zona horaria del equipo, si no es la del sitio.")
    )
    add_account_argument(parser)
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--list", action="store_true", help=_("Muestra lo que se espera."))
    doing.add_argument(
        "--remove",
        action="store_true",
        help=_("Deja de esperar la operación, o solo las horas de --cron."),
    )


def handle(command: ConsoleCommand, options: dict[str, Any]) -> None:
    """Do what was asked, and say so."""
    if options["list"]:
        lines = listed()
    elif not options["name"]:
        raise BadInput({"__all__": [_("Falta el nombre de la operación.")]})
    elif options["remove"]:
        lines = [removed(options)]
    else:
        lines = [expected(options)]
    for line in lines:
        command.stdout.write(line)


def expected(options: dict[str, Any]) -> str:
    """Declare it; the answer says when the first one should come."""
    operation, text = registry.get(options["name"]), options["cron"] or ""
    problem = cron_problem(text)
    if problem:
        raise BadInput({"cron": [problem]})
    zone, grace = zone_of(options["zone"]), length(options["grace"])
    door = door_of(options["as_user"])
    found = declaring.declare(operation, text, zone=zone.key, grace=grace, door=door)
    following = cron.following(found.cron, zone=zone, after=timezone.now())
    return _("Se espera %(name)s (%(cron)s, %(zone)s): la próxima, %(moment)s.") % {
        "name": operation.name,
        "cron": found.cron,
        "zone": zone.key,
        "moment": f"{following:%Y-%m-%d %H:%M}",
    }


def listed() -> list[str]:
    """One line each: what, when, how late it may be, up to when it was looked at."""
    lines = [
        f"{one.operation:<28} {one.cron:<16} {one.zone:<20} {one.grace_seconds:>6} s  "
        f"{localtime(one.checked_until):%Y-%m-%d %H:%M}  {one.declared_by}"
        for one in Expectation.objects.order_by("operation", "cron", "zone")
    ]
    return lines or [_("No se espera ninguna corrida de cron.")]


def removed(options: dict[str, Any]) -> str:
    """Expect it no more; raises OperationError where nothing was expected."""
    name, text = options["name"], options["cron"]
    found = Expectation.objects.filter(operation=name)
    if text:
        found = found.filter(cron=" ".join(text.split()))
    if not declaring.withdraw(found, door=door_of(options["as_user"])):
        raise OperationError(
            _("No se esperaba %(name)s.") % {"name": name},
            remedy=_("Vea la lista con: python manage.py console expect --list"),
        )
    return _("Ya no se espera %(name)s.") % {"name": name}


def zone_of(name: str | None) -> ZoneInfo:
    """The zone; raises BadInput where there is none of that name."""
    if name and name not in available_timezones():
        raise BadInput({"zone": [_("No existe la zona horaria «%(zone)s».") % {"zone": name}]})
    return ZoneInfo(name or timezone.get_default_timezone_name())


def length(text: str) -> timedelta:
    """``10m``; raises BadInput for what is none, is nothing, or is longer than a week."""
    try:
        return lengths.parsed(text, most=declaring.MOST_GRACE)
    except ValueError:
        raise BadInput({"grace": [declaring.what_grace()]}) from None
