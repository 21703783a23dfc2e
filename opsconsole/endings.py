"""How a run ended, ready to be written on it."""

from __future__ import annotations

import traceback as tb
from dataclasses import dataclass, replace
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from .database_errors import explain
from .exceptions import OperationError, RunCancelled, RunInterrupted, RunTimedOut
from .masking import Masker
from .states import Status

MAX_TRACEBACK = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A final state with its error, or without."""

    status: Status
    error: str = ""
    error_cause: str = ""
    error_remedy: str = ""
    error_class: str = ""
    traceback: str = ""
    exit_code: int = 0

    def fields(self) -> dict[str, Any]:
        """The run's columns."""
        return {
            name: getattr(self, name)
            for name in (
                "status",
                "error",
                "error_cause",
                "error_remedy",
                "error_class",
                "traceback",
            )
        }

    def as_error(self) -> OperationError:
        """The three lines of it."""
        error = OperationError(self.error, cause=self.error_cause, remedy=self.error_remedy)
        error.exit_code = self.exit_code
        return error


def succeeded() -> Ending:
    """It did its work."""
    return Ending(status=Status.SUCCEEDED)


def timed_out(seconds: int) -> Ending:
    """The deadline came first."""
    return Ending(
        status=Status.FAILED,
        error=_("Tiempo agotado: tiempo agotado tras %(seconds)s segundos.") % {"seconds": seconds},
        error_cause=_("La operación no terminó dentro de su plazo."),
        error_remedy=_("Reduzca el rango o amplíe el plazo de la operación, y repítala."),
        error_class="RunTimedOut",
        exit_code=1,
    )


def interrupted() -> Ending:
    """The worker had to stop, and the operation cannot go on elsewhere."""
    return Ending(
        status=Status.FAILED,
        error=_("Interrumpida: el worker recibió la orden de parar."),
        error_cause=_("El servicio se detuvo o se reinició."),
        error_remedy=_("Repita la corrida."),
        error_class="RunInterrupted",
        exit_code=1,
    )


def ending_of(error: BaseException, *, masker: Masker, timeout_seconds: int) -> Ending:
    """What the exception that came out of an operation means for its run."""
    if isinstance(error, RunInterrupted):
        return interrupted()
    if isinstance(error, (RunCancelled, KeyboardInterrupt)):
        return Ending(status=Status.CANCELLED, exit_code=1)
    if isinstance(error, RunTimedOut):
        return timed_out(timeout_seconds)
    if isinstance(error, OperationError):
        return failed(error, masker=masker)
    if isinstance(error, (OperationalError, InterfaceError)):
        return replace(failed(explain(error), masker=masker), traceback=trace(error, masker))
    return bug(error, masker=masker)


def failed(error: OperationError, *, masker: Masker) -> Ending:
    """An error that was foreseen, in its three parts."""
    return Ending(
        status=Status.FAILED,
        error=masker.mask(str(error.message)),
        error_cause=masker.mask(str(error.cause)),
        error_remedy=masker.mask(str(error.remedy)),
        error_class=type(error).__name__,
        exit_code=error.exit_code,
    )


def bug(error: BaseException, *, masker: Masker) -> Ending:
    """Anything else is ours to mend: class, message and traceback are kept for us."""
    name = type(error).__name__
    return Ending(
        status=Status.FAILED,
        error=masker.mask(f"{name}: {error}" if str(error) else name)[:2000],
        error_cause=_("La operación falló de un modo que no estaba previsto."),
        error_remedy=_("Avise al equipo técnico con el número de la corrida."),
        error_class=name,
        traceback=trace(error, masker),
        exit_code=1,
    )


def trace(error: BaseException, masker: Masker) -> str:
    """The traceback's end, which is where the cause stands."""
    return masker.mask("".join(tb.format_exception(error))[-MAX_TRACEBACK:])
