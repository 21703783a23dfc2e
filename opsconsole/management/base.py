"""A named command is a shell: it parses, asks the runner, prints."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, NoReturn

from django.contrib.auth import get_user_model
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    OutputWrapper,
)
from django.db import Error as DatabaseFault
from django.utils.translation import gettext as _

from .. import kept_plans, limits, permissions, registry, runner, watch
from .. import params as parameters
from ..conf import setting
from ..context import LogLine, RunContext, Terminal
from ..database_errors import explain
from ..doors import Door, terminal
from ..endings import Ending
from ..exceptions import BadInput, OperationError, RunCancelled, StoppedBySignal
from ..models import JobRun, Level, SealedPlan
from ..operations import Effect, Operation
from ..plans import Plan
from ..states import Status
from .instead import Instead


class Refusal(CommandError):
    """An OperationError on its way to the terminal: three lines on stderr and an exit code."""

    def __init__(self, error: OperationError) -> None:
        super().__init__("\n".join(error.lines()), returncode=error.exit_code)
        self.error = error


class ConsoleParser(CommandParser):
    """An argument parser that refuses in the console's three lines, with exit code 2."""

    def __init__(self, **kwargs: Any) -> None:
        # Abbreviations change their meaning with the next option that somebody adds.
        super().__init__(**{"allow_abbrev": False, **kwargs})

    def error(self, message: str) -> NoReturn:
        raise Refusal(
            BadInput(
                {"__all__": [spanish(message)]},
                remedy=_("Vea las opciones con: %(prog)s --help") % {"prog": self.prog},
            )
        )


def spanish(message: str) -> str:
    """argparse's few sentences in the site's language."""
    known = (
        ("unrecognized arguments: ", _("Opción desconocida: ")),
        ("the following arguments are required: ", _("Faltan argumentos: ")),
        ("ambiguous option: ", _("Opción ambigua: ")),
    )
    for english, text in known:
        if message.startswith(english):
            return f"{text}{message.removeprefix(english)}."
    name, _colon, rest = message.removeprefix("argument ").partition(": ")
    if rest.startswith("expected "):
        return _("%(option)s: falta su valor.") % {"option": name}
    if rest.startswith("ignored explicit argument "):
        return _("%(option)s: no lleva valor.") % {"option": name}
    if rest.startswith("invalid "):
        _kind, _paren, choices = rest.partition(" (choose from ")
        text = _("%(option)s: valor no válido.") % {"option": name}
        return text + (_(" Opciones: %s.") % choices.removesuffix(")") if choices else "")
    return message


class ConsoleCommand(BaseCommand):
    """A command whose errors are the console's."""

    output_transaction = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser, with the console's refusals."""
        kwargs.setdefault("allow_abbrev", False)
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = ConsoleParser
        return parser

    from_terminal = False

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django does, but the three lines stand alone, without the exception's name."""
        self.from_terminal = True
        try:
            super().run_from_argv(argv)
        except Refusal as error:
            self._leave(error)
        except BrokenPipeError:
            # Nobody reads any more (``| head``): a shell says so of whoever dies of it.
            sys.exit(128 + signal.SIGPIPE)
        finally:
            drop_unread()

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Whatever the engine refuses becomes a Refusal, for every subcommand alike."""
        try:
            return super().execute(*args, **options)
        except OperationError as error:
            refusal = Refusal(error)
        except DatabaseFault as error:
            refusal = Refusal(explain(error))
        if self.from_terminal:
            self._leave(refusal)
        raise refusal

    def _leave(self, refusal: Refusal) -> NoReturn:
        drop_unread()
        self.stderr.write(str(refusal))
        sys.exit(refusal.returncode)


def drop_unread() -> None:
    """Print what is still kept back, or forget it where nobody reads: Python would complain."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def add_operation_arguments(parser: argparse.ArgumentParser, operation: Operation) -> None:
    """The operation's own options and the console's."""
    parameters.add_arguments(parser, operation.Params)
    parser.add_argument(
        "--enqueue", action="store_true", help=_("Deja la corrida a un worker y termina.")
    )
    add_account_argument(parser)
    add_confirmation_arguments(parser, operation)


def add_confirmation_arguments(parser: argparse.ArgumentParser, operation: Operation) -> None:
    """How a plan is shown, confirmed, or expected."""
    if operation.effect is Effect.DESTROYS:
        parser.add_argument("--force", action="store_true", help=_("No pide confirmación."))
        if "dry_run" not in operation.Params.base_fields:
            parser.add_argument(
                "--dry-run", action="store_true", help=_("Muestra el plan y no cambia nada.")
            )
    if operation.keeps_plan:
        add_expected_rows(parser)


def add_expected_rows(parser: argparse.ArgumentParser) -> None:
    """What a plan must come to, said by whoever writes the command."""
    parser.add_argument(
        "--expect-rows",
        type=int,
        metavar="N",
        help=_("Aplica el plan sin preguntar si son exactamente N filas."),
    )


def add_account_argument(parser: argparse.ArgumentParser) -> None:
    """Whose rights count; without it the trusted terminal's."""
    parser.add_argument(
        "--as", dest="as_user", metavar=_("USUARIO"), help=_("Actúa con los permisos de la cuenta.")
    )


class OperationCommand(ConsoleCommand):
    """The command of one operation: ``operation = "run_etl"`` is all that a subclass says.

    ``first`` names flags of the command, each with an operation that runs before its own, with the
    parameters that both know: ``{"fix": "mend_data_integrity"}``. That one's plan and confirmation
    are then the command's too.
    """

    operation: ClassVar[str]
    first: ClassVar[Mapping[str, str]] = {}
    instead: ClassVar[Instead | None] = None
    cut_off: ClassVar[int] = 1  # the exit code of one that reached no safe place in time

    @property
    def help(self) -> str:  # type: ignore[override]
        declared = registry.get(self.operation)
        return f"{declared.title}. {declared.description}"

    def add_arguments(self, parser: CommandParser) -> None:
        """What the operation declares, and those that come before it."""
        add_operation_arguments(parser, registry.get(self.operation))
        for flag, name in self.first.items():
            before = registry.get(name)
            text = _("Antes: %(title)s. Muestra el plan y pide confirmación.")
            parser.add_argument(
                f"--{flag}", action="store_true", help=text % {"title": before.title}
            )
            add_confirmation_arguments(parser, before)
        if self.instead is not None:
            self.instead.add_to(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it here and now, or hand it to a worker."""
        before = [registry.get(name) for flag, name in self.first.items() if options.get(flag)]
        if self.first:
            require_sense(self.first, options)
        for operation in before:
            # What an operation prints as a document is the only thing on standard output.
            aside = self.stderr if options.get("json") else None
            TerminalRun(self, operation, options, out=aside).perform()
        operation, other = registry.get(self.operation), self.instead
        if other is not None and other.is_asked_for(options):
            options = other.options(type(operation), options)
            with other.spoken_of():
                TerminalRun(self, other.target(), self.prepared(options)).perform()
            return
        TerminalRun(self, operation, self.prepared(options)).perform()

    def prepared(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options as the operation knows them; a command with more of its own says how."""
        return options


def require_sense(first: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """Raise BadInput for an option that would have no effect, or not the one it names."""
    flags = ", ".join(f"--{flag}" for flag in first)
    if not any(options.get(flag) for flag in first):
        idle = [name for name in ("force", "dry_run", "expect_rows") if options.get(name)]
        if idle:
            raise BadInput({idle[0]: [_("Solo tiene efecto con %(flags)s.") % {"flags": flags}]})
    elif options.get("enqueue"):
        names = ", ".join(first.values())
        raise BadInput(
            {"enqueue": [_("No va con %(flags)s.") % {"flags": flags}]},
            remedy=_("Encole antes, por separado: %(names)s.") % {"names": names},
        )


class TerminalRun:
    """One run from the terminal: same lock, log and ending as any other."""

    def __init__(
        self,
        command: BaseCommand,
        operation: Operation,
        options: dict[str, Any],
        *,
        out: OutputWrapper | None = None,
    ) -> None:
        self.command = command
        self.out = out or command.stdout
        self.operation = operation
        self.options = options
        self.verbosity = int(options.get("verbosity", 1))

    def perform(self) -> None:
        """Submit, execute, print; raise CommandError with the exit code of what went wrong."""
        values = parameters.given(self.operation.Params, self.options)
        door = self.door()
        if self.operation.keeps_plan:
            KeptPlanRun(self).perform(values, door)
            return
        if self._only_shows_plan():
            self._show_plan(values, door)
            return
        digest = self._confirmed_plan(values, door)
        if digest is None:
            return
        self.launch(partial(runner.submit, self.operation, values, door=door, plan_digest=digest))

    def _only_shows_plan(self) -> bool:
        """Whether a dry run was asked for, where that means the plan and not a parameter."""
        destroys = self.operation.effect is Effect.DESTROYS
        own = "dry_run" in self.operation.Params.base_fields and not destroys
        return bool(self.options.get("dry_run")) and self.operation.has_plan() and not own

    def _show_plan(self, values: dict[str, Any], door: Door) -> None:
        """What would be done, for whom may do it."""
        permissions.require(self.operation, door.user)
        cleaned = parameters.clean(self.operation.Params, values)
        for text in plan_lines(runner.plan(self.operation, cleaned, door=door)):
            self.print(text)

    def launch(self, submit: Callable[..., JobRun]) -> None:
        """Submit with ``submit(enqueue=…)``; execute here unless a worker is to do it."""
        if not self.options.get("enqueue"):
            self.execute(submit)
        elif not self._awaits_approval(run := submit(enqueue=True)):
            self.print(_("Corrida %(id)s en cola.") % {"id": run.pk})

    def _awaits_approval(self, run: JobRun) -> bool:
        """Whether a second person must come first; then say so."""
        waits = run.status == Status.AWAITING_APPROVAL
        if waits:
            self.print(
                _("Corrida %(id)s: espera a que una segunda persona la apruebe.") % {"id": run.pk}
            )
        return waits

    def execute(self, submit: Callable[..., JobRun]) -> None:
        """Submit, execute here, and raise unless it succeeded."""
        # From before the row is written: a run that nobody began would keep its lock.
        with signals() as signalled:
            run = submit(enqueue=False)
            if self._awaits_approval(run):
                return
            if self.verbosity >= 2:
                self.print(_("Corrida %(id)s: %(url)s") % {"id": run.pk, "url": link(run)})
            outcome = runner.execute(
                run.pk,
                echo=self.echo,
                listen=partial(self._listen, signalled),
                on_hard_timeout=self._die,
                while_waiting=partial(watch.look, after_outage=False),
            )
        if outcome.refused:
            raise runner.illegal(outcome.run, _("ejecutar"))
        if outcome.ending is not None and outcome.ending.status is not Status.SUCCEEDED:
            raise self._failure(outcome.run, outcome.ending, signalled)
        if code := self.operation.exit_code(outcome.run.result or {}):
            sys.exit(code)

    def _listen(self, signalled: Signals, ctx: RunContext) -> None:
        """Signals reach the run, and the run the terminal."""
        ctx.terminal = Terminal(folder=Path.cwd(), write=self.print)
        signalled.hang_on(ctx)

    def door(self) -> Door:
        """The trusted terminal, or the account that ``--as`` names."""
        return door_of(self.options.get("as_user"))

    def echo(self, line: LogLine) -> None:
        """Print a line: levels in brackets, DEBUG only at verbosity 2, nothing at 0."""
        if self.verbosity == 0 or (line.level == Level.DEBUG and self.verbosity < 2):
            return
        try:
            self.print(line.message if line.bare else f"[{line.level}] {line.message}")
        except BrokenPipeError:
            # Nobody reads any more (``| head``); the work goes on.
            self.verbosity = 0

    def _confirmed_plan(self, values: dict[str, Any], door: Door) -> str | None:
        """The digest of the plan that was shown and confirmed; None: nothing is to be done."""
        if self.operation.effect is not Effect.DESTROYS:
            return ""
        # Before the parameters: their errors tell what not everybody may know.
        permissions.require(self.operation, door.user)
        cleaned = parameters.clean(self.operation.Params, values)
        plan = runner.plan(self.operation, cleaned, door=door)
        for text in plan_lines(plan):
            self.print(text)
        if not self.options.get("force") and not self.confirm():
            self.print(_("Cancelado: no se cambió nada."))
            return None
        return plan.digest()

    def confirm(self) -> bool:
        """Ask yes or no."""
        answer = self.ask(str(self.operation.question))
        return answer.lower() in {"yes", "y", "si", "sí", "s"}

    def ask(self, question: str) -> str:
        """The answer, empty where somebody left; without a terminal nobody could give one."""
        if not sys.stdin or not sys.stdin.isatty():
            raise BadInput(
                {"force": [_("Sin terminal no se puede pedir la confirmación.")]},
                remedy=_("Repita con --force, o hágalo en una terminal."),
            )
        try:
            if self.out is not self.command.stdout:
                self.print(question)
                question = ""
            return input(question).strip()
        except (EOFError, KeyboardInterrupt):
            return ""

    def _failure(self, run: JobRun, ending: Ending, signalled: Signals) -> OperationError:
        if ending.status is Status.CANCELLED:
            return StoppedBySignal(
                _("Corrida %(id)s cancelada.") % {"id": run.pk}, number=signalled.number
            )
        return ending.as_error()

    def _die(self) -> None:
        """Past the grace: the ending is written, the operation will never reach a safe place."""
        sys.stdout.flush()
        sys.stderr.write(_("ERROR: Tiempo agotado; la operación no llegó a un punto seguro.\n"))
        sys.stderr.flush()
        os._exit(getattr(self.command, "cut_off", OperationCommand.cut_off))

    def print(self, text: str) -> None:
        """To standard output, unless the verbosity is 0."""
        if self.verbosity > 0:
            self.out.write(text, style_func=str)
            self.out.flush()


class KeptPlanRun:
    """What is done with a plan that is kept: show it, have it confirmed, apply it."""

    def __init__(self, terminal_run: TerminalRun) -> None:
        self.terminal = terminal_run
        self.options = terminal_run.options

    def perform(self, values: dict[str, Any], door: Door) -> None:
        """Make the plan, then go on with it."""
        operation = self.terminal.operation
        permissions.require(operation, door.user)
        cleaned = parameters.clean(operation.Params, values)
        if not self.options.get("dry_run"):
            return self.go_on(runner.keep_plan(operation, cleaned, door=door), door)
        self._show(runner.plan(operation, cleaned, door=door))
        return None

    def go_on(self, kept: SealedPlan, door: Door) -> None:
        """Confirmed here, or expected by whoever wrote the command: then it is applied."""
        self._show(kept_plans.shown(kept))
        if kept.rows == 0:
            kept_plans.forget(kept)
            return self.terminal.print(_("No hay nada que hacer."))
        limits.require_account(kept, door=door)
        expected = self.options.get("expect_rows")
        unattended = bool(self.options.get("force")) or expected is not None
        if not unattended and not self._confirm(kept.rows):
            kept_plans.forget(kept)
            return self.terminal.print(_("Cancelado: no se cambió nada."))
        return self.terminal.launch(
            partial(runner.apply, kept, door=door, unattended=unattended, expected=expected)
        )

    def _show(self, plan: Plan) -> None:
        for text in plan.spoken or plan_lines(plan):
            self.terminal.print(str(text))
        for warning in plan.warnings if plan.spoken else ():
            # Beside the lines that a guide fixes, and before the question.
            self.terminal.command.stderr.write(f"[WARNING] {warning}")

    def _confirm(self, rows: int) -> bool:
        """Yes; or the number, where there are many."""
        if not limits.is_large(rows):
            return self.terminal.confirm()
        answer = self.terminal.ask(_("Escriba %(rows)s para confirmar: ") % {"rows": rows})
        return re.sub(r"[\s.,]", "", answer) == str(rows)


def door_of(username: str | None) -> Door:
    """The trusted terminal, or the account of that name; raises BadInput where there is none."""
    if not username:
        return terminal()
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None:
        raise BadInput({"as": [_("No existe la cuenta «%(name)s».") % {"name": username}]})
    return terminal(user)


def plan_lines(plan: Plan) -> Iterator[str]:
    """The plan as text."""
    for line in plan.lines:
        yield "[INFO] " + ", ".join(f"{key}: {value}" for key, value in line.items())
    for warning in plan.warnings:
        yield f"[WARNING] {warning}"
    yield str(plan.summary)


def link(run: JobRun) -> str:
    """Where the run's page is."""
    return f"{setting('SITE_URL')}{run.get_absolute_url()}"


class Signals:
    """Ctrl-C and SIGTERM ask the run to end at a safe place; a second one ends it at once."""

    def __init__(self) -> None:
        self.number = 0
        self._ctx: RunContext | None = None

    def hang_on(self, ctx: RunContext) -> None:
        """From now on a signal is for this run."""
        self._ctx = ctx
        if self.number:
            ctx.request_stop(RunCancelled)

    def receive(self, number: int, frame: FrameType | None) -> None:
        """The handler."""
        if self.number and not (self._ctx and self._ctx.closed):
            raise KeyboardInterrupt
        # Once the work is over only its ending is written, and that is let through.
        self.number = number
        if self._ctx is not None:
            self._ctx.request_stop(RunCancelled)


@contextmanager
def signals() -> Iterator[Signals]:
    """Listen to SIGINT and SIGTERM for the block, where this is the main thread."""
    received = Signals()
    try:
        before = {n: signal.signal(n, received.receive) for n in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread: signals are somebody else's
        before = {}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
