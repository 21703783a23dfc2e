"""``archive_old_calls --restore MONTH``: the other operation, behind the same command."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from opsconsole import params as parameters
from opsconsole import permissions, registry, runner
from opsconsole.exceptions import BadInput
from opsconsole.management.base import ConsoleCommand, TerminalRun, plan_lines

OPERATION = "restore_archived_calls"


def add_restore(parser: CommandParser) -> None:
    """The option."""
    parser.add_argument(
        "--restore", metavar=_("AAAA-MM"), help=_("Devuelve a la tabla el mes archivado.")
    )


def restore(command: ConsoleCommand, options: dict[str, Any]) -> None:
    """Bring the month back here and now; a dry run shows what would come."""
    if options.get("days") is not None:
        raise BadInput({"restore": [_("«--days» y «--restore» se excluyen: elija uno.")]})
    given = {**options, "month": options["restore"]}
    terminal_run = TerminalRun(command, registry.get(OPERATION), given)
    if not options.get("dry_run"):
        return terminal_run.perform()
    for text in plan_of(terminal_run, given["month"]):
        terminal_run.print(text)
    return None


def plan_of(terminal_run: TerminalRun, month: str) -> list[str]:
    """What would come back, for whom may bring it."""
    operation, door = terminal_run.operation, terminal_run.door()
    permissions.require(operation, door.user)
    cleaned = parameters.clean(operation.Params, {"month": month})
    return list(plan_lines(runner.plan(operation, cleaned, door=door)))
