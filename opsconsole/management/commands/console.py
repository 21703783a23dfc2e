"""``manage.py console``: everything the admin does with runs, from the terminal."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from ... import access, kept_plans, registry, runner, ticking
from ...exceptions import OperationError
from ...models import JobLog, JobRun
from ...params import command_line
from ...pausing import state_label
from ...states import Status
from .. import expecting
from ..base import (
    ConsoleCommand,
    ConsoleParser,
    KeptPlanRun,
    TerminalRun,
    add_account_argument,
    add_expected_rows,
    add_operation_arguments,
    door_of,
    link,
)
from ..verbs import SiteVerb, site_verbs

# Where the parser leaves them: no field of an operation can have such a name.
VERB, OPERATION = "console verb", "console operation"


class Command(ConsoleCommand):
    _site_verbs: dict[str, SiteVerb] = {}

    @property
    def help(self) -> str:  # type: ignore[override]
        return _("Operaciones y corridas: listar, ejecutar, ver, cancelar, repetir.")

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand per verb."""
        verbs = parser.add_subparsers(
            dest=VERB, metavar=_("VERBO"), required=True, parser_class=ConsoleParser
        )
        verbs.add_parser("list", help=_("Lista las operaciones."))
        self._add_run(verbs)
        runs = verbs.add_parser("runs", help=_("Lista las últimas corridas."))
        runs.add_argument("--operation", metavar=_("NOMBRE"), help=_("Solo las de la operación."))
        runs.add_argument("--status", choices=Status.values, help=_("Solo las de ese estado."))
        runs.add_argument("--limit", type=int, default=20, help=_("Cuántas, 20 si no se dice."))
        for name, text in (
            ("show", _("Muestra una corrida.")),
            ("log", _("Muestra el registro de una corrida.")),
            ("cancel", _("Cancela una corrida.")),
            ("retry", _("Repite una corrida con los mismos parámetros.")),
            ("pause", _("Pausa una corrida que puede reanudarse.")),
            ("resume", _("Reanuda una corrida en pausa, donde se quedó.")),
        ):
            verbs.add_parser(name, help=text).add_argument(
                "id", type=int, metavar="ID", help=_("Número de la corrida.")
            )
        for name in ("cancel", "retry", "pause", "resume"):
            add_account_argument(verbs.choices[name])
        verbs.choices["log"].add_argument(
            "--follow", action="store_true", help=_("Sigue hasta que la corrida termine.")
        )
        for name in ("retry", "resume"):
            verbs.choices[name].add_argument(
                "--enqueue", action="store_true", help=_("Deja la corrida a un worker y termina.")
            )
        for name, text in (
            ("approve", _("Aprueba una corrida que espera a una segunda persona.")),
            ("reject", _("Rechaza una corrida que espera a una segunda persona.")),
        ):
            self._add_decision(verbs.add_parser(name, help=text))
        self._add_plan(verbs)
        verbs.add_parser("whocan", help=_("Dice quién puede ejecutar una operación.")).add_argument(
            "name", metavar=_("OPERACION"), help=_("Nombre de la operación.")
        )
        verbs.add_parser("tick", help=_("Busca corridas perdidas u olvidadas."))
        expect = verbs.add_parser("expect", help=_("Espera las corridas que lanza cron."))
        expecting.add_arguments(expect)
        self._site_verbs = site_verbs(frozenset(verbs.choices))
        for word, verb in self._site_verbs.items():
            verb.add_arguments(verbs.add_parser(word, help=str(verb.help)))

    def _add_decision(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help=_("Número de la corrida."))
        parser.add_argument(
            "--as",
            dest="as_user",
            metavar=_("USUARIO"),
            required=True,
            help=_("La segunda persona: nunca la que pidió la corrida."),
        )
        parser.add_argument(
            "--reason", default="", metavar=_("MOTIVO"), help=_("Queda en la historia.")
        )

    def _add_plan(self, verbs: Any) -> None:
        """The two verbs that go on with something: a plan, a run that can be undone."""
        apply = verbs.add_parser("apply", help=_("Aplica un plan que se mostró en la consola."))
        apply.add_argument("id", type=int, metavar="ID", help=_("Número del plan."))
        undo = verbs.add_parser("undo", help=_("Deshace una corrida, mientras se puede."))
        undo.add_argument("id", type=int, metavar="ID", help=_("Número de la corrida."))
        add_expected_rows(apply)
        apply.add_argument("--force", action="store_true", help=_("No pide confirmación."))
        for parser in (apply, undo):
            add_account_argument(parser)
            parser.add_argument(
                "--enqueue", action="store_true", help=_("Deja la corrida a un worker y termina.")
            )

    def _apply(self, options: dict[str, Any]) -> None:
        kept = kept_plans.find(options["id"])
        terminal_run = TerminalRun(self, registry.get(kept.operation), options)
        kept_plans.require_usable(kept, door=terminal_run.door())
        KeptPlanRun(terminal_run).go_on(kept, terminal_run.door())

    def _undo(self, options: dict[str, Any]) -> None:
        run = runner.find(options["id"])
        undoing = runner.undoing(run)
        TerminalRun(self, undoing, {**options, "run": run.pk}).perform()

    def _add_run(self, verbs: Any) -> None:
        run = verbs.add_parser("run", help=_("Ejecuta una operación."))
        names = run.add_subparsers(dest=OPERATION, metavar=_("NOMBRE"), required=True)
        for operation in registry.everything():
            parser = names.add_parser(operation.name, help=str(operation.title))
            add_operation_arguments(parser, operation)
            # Also behind the operation's name, where people write it; absent, Django's own holds.
            parser.add_argument(
                "-v",
                "--verbosity",
                type=int,
                choices=range(4),
                default=argparse.SUPPRESS,
                help=_("0 nada, 1 lo normal, 2 también DEBUG."),
            )

    def handle(self, *args: Any, **options: Any) -> None:
        """Dispatch to the verb, ours or the site's."""
        verb = self._site_verbs.get(options[VERB])
        if verb is not None:
            verb.handle(self, options)
        else:
            getattr(self, f"_{options[VERB]}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        for operation in registry.everything():
            self.stdout.write(f"{operation.name:<28} {operation.title}")

    def _run(self, options: dict[str, Any]) -> None:
        TerminalRun(self, registry.get(options[OPERATION]), options).perform()

    def _runs(self, options: dict[str, Any]) -> None:
        runs = JobRun.objects.order_by("-pk")
        if options["operation"]:
            runs = runs.filter(operation=options["operation"])
        if options["status"]:
            runs = runs.filter(status=options["status"])
        found = list(runs[: max(options["limit"], 0)])
        for run in found:
            self.stdout.write(
                f"{run.pk:>8}  {state_label(run):<18} {run.operation:<28} "
                f"{moment(run.queued_at)}  {asked_by(run)}"
            )
        if not found:
            self.stdout.write(_("No hay corridas."))

    def _show(self, options: dict[str, Any]) -> None:
        run = runner.find(options["id"])
        for label, value in facts(run):
            if value not in (None, "", {}):
                self.stdout.write(f"{label}: {value}")

    def _log(self, options: dict[str, Any]) -> None:
        run = runner.find(options["id"])
        last = self._print_log(run, after=0)
        try:
            while options["follow"] and not run.has_ended:
                time.sleep(0.5)
                run = runner.find(run.pk)
                last = self._print_log(run, after=last)
        except KeyboardInterrupt:
            # How people leave it; the run goes on.
            return

    def _print_log(self, run: JobRun, *, after: int) -> int:
        """Print the lines after that number; return the last one's."""
        lines = JobLog.objects.filter(run_id=run.pk, seq__gt=after).order_by("seq")
        for line in lines.iterator(chunk_size=2_000):
            at = timezone.localtime(line.at)
            self.stdout.write(f"{at:%H:%M:%S} [{line.level}] {line.message}")
            after = line.seq
        return after

    def _cancel(self, options: dict[str, Any]) -> None:
        door = door_of(options["as_user"])
        run = runner.cancel(runner.find(options["id"]), door=door)
        self._say_state(run)

    def _pause(self, options: dict[str, Any]) -> None:
        door = door_of(options["as_user"])
        self._say_state(runner.pause(runner.find(options["id"]), door=door))

    def _retry(self, options: dict[str, Any]) -> None:
        self._again(runner.retry, options)

    def _resume(self, options: dict[str, Any]) -> None:
        self._again(runner.resume, options)

    def _again(self, verb: Callable[..., JobRun], options: dict[str, Any]) -> None:
        old = runner.find(options["id"])
        terminal_run = TerminalRun(self, registry.get(old.operation), options)
        terminal_run.launch(partial(verb, old, door=terminal_run.door()))

    def _whocan(self, options: dict[str, Any]) -> None:
        operation = registry.get(options["name"])
        self.stdout.write(
            _("%(name)s (%(title)s), permiso %(permission)s")
            % {
                "name": operation.name,
                "title": operation.title,
                "permission": operation.permission(),
            }
        )
        for one in access.who_may(operation):
            self.stdout.write(access_line(one))
        self.stdout.write(_("Además, en esta terminal: quien pueda ejecutar manage.py."))

    def _approve(self, options: dict[str, Any]) -> None:
        self._decide(runner.approve, options)

    def _reject(self, options: dict[str, Any]) -> None:
        self._decide(runner.reject, options)

    def _decide(self, decide: Callable[..., JobRun], options: dict[str, Any]) -> None:
        door = door_of(options["as_user"])
        run = decide(runner.find(options["id"]), door=door, reason=options["reason"])
        self._say_state(run)

    def _say_state(self, run: JobRun) -> None:
        self.stdout.write(
            _("Corrida %(id)s: %(status)s.")
            % {"id": run.pk, "status": str(state_label(run)).lower()}
        )

    def _expect(self, options: dict[str, Any]) -> None:
        expecting.handle(self, options)

    def _tick(self, options: dict[str, Any]) -> None:
        self.stdout.write(str(ticking.tick()))


def access_line(one: access.Access) -> str:
    """Yes or no, who, why, through which doors, until when."""
    parts = [f"{_('sí') if one.allowed else _('no'):<3} {one.person:<24} {one.why}"]
    if one.doors:
        parts.append(one.doors)
    if one.until is not None:
        parts.append(_("hasta el %(moment)s") % {"moment": moment(one.until)})
    return " · ".join(parts)


def asked_by(run: JobRun) -> str:
    """Who asked for it; of a part, also what it is part of."""
    if not run.is_part:
        return run.requested_by
    said = _("parte %(number)s de #%(id)s") % {"number": run.part_number, "id": run.parent_id}
    return f"{run.requested_by} · {said}"


def facts(run: JobRun) -> list[tuple[str, Any]]:
    """What ``show`` tells of a run, with a label each."""
    operation = registry.find(run.operation)
    duration = run.duration()
    error = OperationError(run.error, cause=run.error_cause, remedy=run.error_remedy)
    return [
        (_("Corrida"), run.pk),
        (_("Operación"), f"{run.operation} ({run.title})"),
        (_("Estado"), state_label(run)),
        (_("La pidió"), f"{run.requested_by} ({run.get_origin_display()})"),
        (_("En cola desde"), moment(run.queued_at)),
        (_("Empezó"), moment(run.started_at)),
        (_("Terminó"), moment(run.finished_at)),
        (_("Duración"), duration and f"{duration.total_seconds():.1f} s"),
        (_("Intento"), run.attempt),
        (_("Worker"), run.worker),
        (_("Avance"), progress(run)),
        (_("Parte"), run.part_number),
        (_("De la corrida"), run.parent_id),
        (_("Comando"), None if run.is_part else operation and command_line(operation, run.params)),
        (_("Parámetros"), None if operation else run.params),
        (_("Resultado"), run.result),
        (_("Entregas repetidas rechazadas"), run.refused_claims or None),
        (_("Error"), run.error and "\n" + "\n".join(error.lines())),
        (_("Página"), link(run)),
    ]


def progress(run: JobRun) -> str:
    """``12 de 40 llamadas``, or nothing."""
    if run.progress_current is None:
        return ""
    if run.progress_total is None:
        return f"{run.progress_current} {run.progress_unit}".strip()
    return _("%(current)s de %(total)s %(unit)s") % {
        "current": run.progress_current,
        "total": run.progress_total,
        "unit": run.progress_unit,
    }


def moment(value: Any) -> str:
    """In the site's zone, to the second."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else ""
