"""How a run ended, ready to be written on it."""

from __future__ import annotations

import traceback as tb
from dataclasses import dataclass, replace
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from .database_errors import explain, is_missing_table
from .exceptions import OperationError, RunCancelled, RunInterrupted, RunTimedOut
from .masking import Masker
from .models import JobRun
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


def written(run: JobRun, ending: Ending) -> Ending:
    """The ending that stands on the row: ours, unless somebody was quicker."""
    if run.status == ending.status:
        return ending
    if run.has_ended:
        return Ending(
            status=Status(run.status),
            error=run.error,
            error_cause=run.error_cause,
            error_remedy=run.error_remedy,
            exit_code=0 if run.status == Status.SUCCEEDED else 1,
        )
    return Ending(
        status=Status(run.status),
        error=_("El final de la corrida %(id)s no se pudo escribir.") % {"id": run.pk},
        error_cause=_("La base de datos no respondió, o la corrida pasó a otro proceso."),
        error_remedy=_("Vea la corrida con: python manage.py console show %(id)s") % {"id": run.pk},
        exit_code=1,
    )


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
    if isinstance(error, (OperationalError, InterfaceError)) or is_missing_table(error):
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
    name, text = type(error).__name__, text_of(error)
    return Ending(
        status=Status.FAILED,
        error=masker.mask(f"{name}: {text}" if text else name)[:2000],
        error_cause=_("La operación falló de un modo que no estaba previsto."),
        error_remedy=_("Avise al equipo técnico con el número de la corrida."),
        error_class=name,
        traceback=trace(error, masker),
        exit_code=1,
    )


def text_of(error: BaseException) -> str:
    """What it says; empty where it cannot even say it."""
    try:
        return str(error)
    except Exception:
        return ""


def trace(error: BaseException, masker: Masker) -> str:
    """The traceback's end, which is where the cause stands."""
    # Mask first: a cut through the middle of a secret would leave a half that nobody knows.
    return masker.mask("".join(tb.format_exception(error)))[-MAX_TRACEBACK:]
