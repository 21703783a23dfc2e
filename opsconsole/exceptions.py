"""Every error that the engine raises, in one place."""

from django.utils.translation import gettext_lazy as _

from .text import Text


class OperationError(Exception):
    """An error that people meet: what happened, why, what to do.

    Printed as ``ERROR / CAUSA / SOLUCION`` on the terminal and as the same three lines in the
    admin. ``exit_code`` is what the command ends with.
    """

    exit_code = 1

    def __init__(self, message: Text, *, cause: Text = "", remedy: Text = "") -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        return str(self.message)

    def lines(self) -> list[str]:
        """The three lines, without those that have nothing to say."""
        parts = (
            (_("ERROR"), self.message),
            (_("CAUSA"), self.cause),
            (_("SOLUCION"), self.remedy),
        )
        return [f"{label}: {text}" for label, text in parts if text]


class BadInput(OperationError):
    """Parameters that the form refuses; ``errors`` maps each field to its sentences."""

    exit_code = 2

    def __init__(self, errors: dict[str, list[str]], *, remedy: Text = "") -> None:
        self.errors = errors
        super().__init__(
            _("Parámetros no válidos."),
            cause=" ".join(self.sentences()),
            remedy=remedy or _("Corrija los parámetros y vuelva a intentarlo."),
        )

    def sentences(self) -> list[str]:
        """One sentence per error, led by the option it is about."""
        return [
            text if field == "__all__" else f"--{field.replace('_', '-')}: {text}"
            for field, texts in self.errors.items()
            for text in texts
        ]


class NotAllowed(OperationError):
    """The person has no right to do this."""

    exit_code = 4


class AlreadyRunning(OperationError):
    """Another run holds the lock; ``run_id`` leads to it."""

    exit_code = 6

    def __init__(self, message: Text, *, run_id: int, cause: Text = "", remedy: Text = "") -> None:
        super().__init__(message, cause=cause, remedy=remedy)
        self.run_id = run_id


class UnknownOperation(OperationError):
    """No operation of that name is registered."""

    exit_code = 2


class UnknownRun(OperationError):
    """No run has that number."""

    exit_code = 2


class IllegalTransition(OperationError):
    """The run's state does not allow what was asked."""


class UnknownPlan(OperationError):
    """No plan has that number."""

    exit_code = 2


class UnusablePlan(OperationError):
    """The plan was used already, has expired, or belongs to somebody else."""

    exit_code = 3


class OverLimit(OperationError):
    """More than may be done without somebody looking at it."""

    exit_code = 5


class InvalidOperation(TypeError):
    """An Operation class is declared wrongly; raised when the class is defined."""


class RunStopped(BaseException):
    """Raised at a safe place to end the run; never an error to be caught by an operation.

    A BaseException, as KeyboardInterrupt is, so that ``except Exception`` lets it pass.
    """


class RunCancelled(RunStopped):
    """Somebody asked for the end of the run."""


class RunTimedOut(RunStopped):
    """The soft deadline has passed."""


class RunInterrupted(RunStopped):
    """The worker was told to stop; the run may go on elsewhere."""


class StoppedBySignal(OperationError):
    """The run was cancelled; by a signal the exit code is 128 and its number, as shells have it."""

    def __init__(self, message: Text, *, number: int = 0) -> None:
        super().__init__(message)
        if number:
            self.exit_code = 128 + number
