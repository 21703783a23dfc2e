"""The declaration: what an operation is, said once, checked when the class is defined."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from .exceptions import InvalidOperation
from .plans import Plan
from .text import Text

if TYPE_CHECKING:
    from .context import RunContext
    from .models import JobRun, SealedPlan

# Options of Django's commands and of the console; a field of that name would be in their way.
DJANGOS_OWN = {"force_color", "help", "no_color", "pythonpath", "settings", "skip_checks"}
DJANGOS_OWN |= {"traceback", "verbosity", "version"}
COMMANDS_OWN = frozenset({"as_user", "enqueue", "expect_rows", "force", *DJANGOS_OWN})
NAME = re.compile(r"[a-z][a-z0-9_]{2,60}")


class Effect(enum.Enum):
    """What an operation does to the data; decides how much asking comes before it."""

    READS = "reads"
    WRITES = "writes"
    DESTROYS = "destroys"  # plan, confirmation, --dry-run, --force


@dataclass(frozen=True, slots=True)
class Phase:
    """A named part of the work, with its own clock on the run page."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the result, in the order in which the page shows it."""

    key: str
    title: Text
    hint: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where what a run made is found, for a button on its page."""

    title: Text
    url: str


class Operation:
    """Something that people launch and workers do. Subclass it in ``<app>/operations/``.

    The admin form, the command line, the worker, the permission ``opsconsole.run_<name>`` and
    the history are readings of the class. A mistake in it is refused when it is defined.
    """

    name: ClassVar[str]
    title: ClassVar[Text]
    description: ClassVar[Text] = ""
    section: ClassVar[Text] = ""
    effect: ClassVar[Effect] = Effect.WRITES
    exclusive: ClassVar[bool] = False
    timeout_seconds: ClassVar[int] = 3600
    grace_seconds: ClassVar[int] = 30
    resumable: ClassVar[bool] = False
    # Cancelling it is a pause: the run that repeats one which did not succeed is told so
    # (``ctx.continues``), and goes on from the checkpoint which that one left.
    pausable: ClassVar[bool] = False
    unit: ClassVar[Text] = ""
    phases: ClassVar[tuple[Phase, ...]] = ()
    figures: ClassVar[tuple[Figure, ...]] = ()
    sensitive: ClassVar[frozenset[str]] = frozenset()
    # Each run waits for a second person; or the site says so of the right that stands behind it.
    requires_approval: ClassVar[bool] = False
    capability: ClassVar[str] = ""
    # The page on which people begin, by its URL name, where it is not the operation's own.
    begins_at: ClassVar[str] = ""
    # ``run`` compares ``ctx.plan_digest`` itself, in the transaction that does the work; then
    # nobody can come between, and what is dear to find is found once.
    checks_own_plan: ClassVar[bool] = False
    # Its plan is kept for an hour and used once; run() does what ``ctx.plan`` fixed, and makes sure
    # in its own transaction that this is still what was shown.
    keeps_plan: ClassVar[bool] = False
    plan_template: ClassVar[str] = ""  # its own part of the plan's page, given ``details``
    result_template: ClassVar[str] = ""  # its own part of an ended run's page, given ``found``
    question: ClassVar[Text] = _("¿Confirmar? (yes/no): ")
    # What its line in the manual needs beside its name to do something.
    example: ClassVar[str] = ""
    undone_by: ClassVar[str] = ""  # the operation that undoes a run, given the parameter ``run``

    class Params(forms.Form):
        """No parameters."""

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        """Refuse a mistake; an ``abstract`` class leaves some of it to its own subclasses."""
        super().__init_subclass__(**kwargs)
        if abstract:
            return
        for problem in problems_of(cls):
            raise InvalidOperation(f"{cls.__module__}.{cls.__qualname__}: {problem}")

    def typed(self, values: Mapping[str, Any]) -> tuple[Sequence[str], Mapping[str, Any]]:
        """How its line in the terminal begins, and the values that are left for options.

        Empty words: the command of its name.
        """
        return (), values

    def require(self, params: dict[str, Any], *, user: Any) -> None:
        """Raise OperationError, and no run is made; ``user`` is None for the trusted terminal."""

    def plan(self, params: dict[str, Any]) -> Plan:
        """Say what ``run`` would touch, without writing anything."""
        raise InvalidOperation(f"{self.name}: declares no plan.")

    def recheck(self, params: dict[str, Any], shown: SealedPlan) -> None:
        """Raise StalePlan, with the difference, unless the kept plan still holds."""
        self.plan(params).require(shown.digest)

    def undo_notice(self, run: JobRun) -> tuple[Text, bool]:
        """Until when the run can be undone, or why not, for its page; and whether it can now."""
        return "", False

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any] | None:
        """Do it; report through ``ctx``; return the result, which must be JSON."""
        raise InvalidOperation(f"{self.name}: declares no run().")

    def run_part(
        self, params: dict[str, Any], part: dict[str, Any], ctx: RunContext
    ) -> dict[str, Any] | None:
        """Do one part of what ``run`` fanned out with ``ctx.fan_out``, in whatever worker.

        Any part may be done again, from its beginning or from where it was left.
        """
        raise InvalidOperation(f"{self.name}: declares no run_part().")

    def exit_code(self, result: dict[str, Any]) -> int:
        """What the terminal ends with after a run that did its work, by what it found."""
        return 0

    def if_cancelled(self, run: JobRun) -> Text:
        """What remains if the run is cancelled now, for the card on its page."""
        return ""

    def timeout_for(self, params: dict[str, Any]) -> int:
        """The deadline of a run with these parameters; ``timeout_seconds`` is the most it may be.

        Asked when the run is submitted, and without parameters for the operation's page.
        """
        return self.timeout_seconds

    def deadline(self, params: dict[str, Any]) -> int:
        """What ``timeout_for`` says, within what the queue allows."""
        return min(self.timeout_for(params), self.timeout_seconds)

    def result_details(self, run: JobRun, user: Any) -> dict[str, Any]:
        """What ``result_template`` shows this person as ``found``; empty: it is left out."""
        return {}

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """What the page of a run that has ended offers this person, beside its files."""
        return ()

    def download_permissions(self, run: JobRun) -> Iterable[str]:
        """All that somebody who may see the run needs, to take its files home."""
        return ()

    @classmethod
    def permission(cls) -> str:
        """The right to run it."""
        return f"opsconsole.run_{cls.name}"

    @classmethod
    def has_plan(cls) -> bool:
        """Whether its page shows a plan, to be confirmed, before anything runs."""
        return cls.plan is not Operation.plan

    @classmethod
    def lock_key(cls, params: dict[str, Any]) -> str | None:
        """The key that only one active run may hold; None: any number at once.

        Override it to compute the key from the parameters.
        """
        return cls.name if cls.exclusive else None


def problems_of(cls: type[Operation]) -> Iterable[str]:
    """What is wrong with the declaration, each in a sentence."""
    name = getattr(cls, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f"name must be lower case words joined by _, not {name!r}."
        return
    if not getattr(cls, "title", ""):
        yield "an operation needs a title."
    if cls.run is Operation.run:
        yield "an operation needs run(self, params, ctx)."
    if cls.effect is Effect.DESTROYS and not cls.has_plan():
        yield "an operation that destroys needs plan(self, params)."
    if cls.keeps_plan and not cls.has_plan():
        yield "an operation that keeps its plan needs plan(self, params)."
    if cls.run_part is not Operation.run_part and not cls.resumable:
        yield "an operation with run_part must be resumable: a part may lose its worker."
    if cls.pausable and not cls.resumable:
        yield "an operation that can be paused keeps a checkpoint, so it is resumable too."
    if not isinstance(cls.timeout_seconds, int) or cls.timeout_seconds < 1:
        yield "timeout_seconds must be a whole number of seconds, at least 1."
    yield from problems_of_params(cls)


def problems_of_params(cls: type[Operation]) -> Iterable[str]:
    """What is wrong with the Params form."""
    if not issubclass(cls.Params, forms.Form):
        yield "Params must be a django.forms.Form."
        return
    for field_name, field in cls.Params.base_fields.items():
        if not field.help_text:
            yield f"the option --{field_name.replace('_', '-')} needs a help_text."
        if field_name in COMMANDS_OWN:
            yield f"the option --{field_name.replace('_', '-')} is the command's own."
        if isinstance(field, forms.FileField):
            yield f"the option --{field_name.replace('_', '-')} is a file, which JSON cannot hold."
    for field_name in cls.sensitive - set(cls.Params.base_fields):
        yield f"sensitive names {field_name!r}, which Params does not have."
