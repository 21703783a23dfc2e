"""``manage.py console audit``: verify the chain, and read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole import OperationError
from opsconsole.exceptions import BadInput
from opsconsole.management.base import ConsoleCommand, ConsoleParser
from opsconsole.management.verbs import SiteVerb

from .. import chain_wording, services, wording
from ..domain.chain import Link
from ..domain.verification import Finding
from ..models import CHAINED, SAID, AuditLog
from ..vocabulary import Action, Result

CHOICE = "audit verb"
BROKEN = 1


class AuditVerb(SiteVerb):
    """What can be asked of the audit at the terminal."""

    help = gettext_lazy("La auditoría: verificar su cadena, listar, mostrar una entrada.")

    def add_arguments(self, parser: CommandParser) -> None:
        """``verify``, ``list`` and ``show``."""
        verbs = parser.add_subparsers(
            dest=CHOICE, metavar=_("VERBO"), required=True, parser_class=ConsoleParser
        )
        verify = verbs.add_parser("verify", help=_("Verifica la cadena entera."))
        verify.add_argument(
            "--anchor",
            metavar=_("POSICION:HUELLA"),
            help=_("Un final que anotó antes: también debe seguir igual."),
        )
        verify.add_argument(
            "--archive",
            metavar=_("ARCHIVO"),
            type=Path,
            help=_("Verifica, en lugar de la base, un archivo que guardó la retención."),
        )
        many = verbs.add_parser("list", help=_("Lista las últimas entradas."))
        many.add_argument("--person", metavar=_("CUENTA"), help=_("Solo las de esa persona."))
        many.add_argument("--action", choices=Action.values, help=_("Solo las de esa acción."))
        many.add_argument("--result", choices=Result.values, help=_("Solo las de ese resultado."))
        many.add_argument("--target", metavar=_("OBJETO"), help=_("Solo las de ese objeto."))
        many.add_argument("--limit", type=int, default=20, help=_("Cuántas, 20 si no se dice."))
        show = verbs.add_parser("show", help=_("Muestra una entrada."))
        show.add_argument("id", type=int, metavar="ID", help=_("Su posición en la cadena."))
        for one in (verify, many, show):
            one.add_argument("--json", action="store_true", help=_("Escribe JSON."))

    def handle(self, command: ConsoleCommand, options: dict[str, Any]) -> None:
        """Dispatch."""
        {"verify": verify, "list": listed, "show": show}[options[CHOICE]](command, options)


def verify(command: ConsoleCommand, options: dict[str, Any]) -> None:
    """Exit code 0: whole; 1: not, and the first bad entry is named."""
    if options["archive"]:
        verify_archive(command, options)
        return
    report = services.verify(anchor=anchor_of(options["anchor"]))
    if options["json"]:
        command.stdout.write(json.dumps(as_json(report)))
        if not report.is_whole:
            raise SystemExit(BROKEN)
        return
    if report.finding is not None:
        raise chain_wording.broken(report.finding)
    command.stdout.write(chain_wording.whole(report))
    if report.checked:
        command.stdout.write(_("Final: %(anchor)s") % {"anchor": report.end})
    if report.waiting:
        command.stdout.write(chain_wording.waiting(report.waiting))


def verify_archive(command: ConsoleCommand, options: dict[str, Any]) -> None:
    """The same for entries that are no longer in the database."""
    end, finding = services.verify_file(options["archive"])
    if options["json"]:
        command.stdout.write(json.dumps({"end": end and str(end), "finding": as_found(finding)}))
        if finding is not None:
            raise SystemExit(BROKEN)
        return
    if finding is not None:
        raise chain_wording.broken(finding)
    command.stdout.write(chain_wording.whole_archive(end))


def anchor_of(text: str | None) -> Link | None:
    """``1234:ab…`` as it was printed."""
    if not text:
        return None
    position, _colon, digits = text.partition(":")
    if not position.isdecimal() or len(digits) != 64:
        raise BadInput({"anchor": [_("Escriba posición:huella, como lo muestra verify.")]})
    return Link(position=int(position), hash=digits)


def as_json(report: services.Report) -> dict[str, Any]:
    """For programs; the words for people are not among it."""
    return {
        "ok": report.is_whole,
        "checked": report.checked,
        "first": report.first,
        "end": {"position": report.end.position, "hash": report.end.hash},
        "waiting": report.waiting,
        "finding": as_found(report.finding),
    }


def as_found(finding: Finding | None) -> dict[str, Any] | None:
    """What is wrong, where."""
    if finding is None:
        return None
    return {"flaw": str(finding.flaw), "position": finding.position, "until": finding.until}


def listed(command: ConsoleCommand, options: dict[str, Any]) -> None:
    """The newest first."""
    columns = {
        "actor": options["person"],
        "action": options["action"],
        "result": options["result"],
        "target": options["target"],
    }
    rows = AuditLog.objects.order_by("-pk").filter(
        **{name: value for name, value in columns.items() if value}
    )
    found = list(rows[: max(options["limit"], 0)])
    for row in found:
        command.stdout.write(json.dumps(row_as_json(row)) if options["json"] else line_of(row))
    if not found and not options["json"]:
        command.stdout.write(_("No hay entradas."))


def show(command: ConsoleCommand, options: dict[str, Any]) -> None:
    """Everything that one entry says."""
    row = AuditLog.objects.filter(pk=options["id"]).first()
    if row is None:
        raise OperationError(
            _("No existe la entrada de auditoría %(id)s.") % {"id": options["id"]},
            remedy=_("Vea la lista con: python manage.py console audit list"),
        )
    if options["json"]:
        command.stdout.write(json.dumps(row_as_json(row)))
        return
    command.stdout.write(wording.sentence(row))
    for label, value in wording.facts(row):
        command.stdout.write(f"{label}: {value}")


def line_of(row: AuditLog) -> str:
    """One line, the result in words."""
    at = timezone.localtime(row.happened_at)
    return f"{row.pk:>8}  {at:%Y-%m-%d %H:%M:%S}  {row.get_result_display():<7} " + (
        wording.sentence(row)
    )


def row_as_json(row: AuditLog) -> dict[str, Any]:
    """Every column under its name."""
    chained = {name: getattr(row, name) for name in CHAINED}
    return chained | dict(zip(SAID, row.said(), strict=True)) | {"detail": json.loads(row.detail)}
