"""What a page does not take, a run does: the same judging, one transaction, a file of errors.

``class ImportConfiguracion(FileImport)`` with a name, a title and a resource is a whole
operation. Its upload comes from the import page, or from the command ``import_file``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.apps.common.acting import Source, acting
from opsconsole import Effect, Figure, Operation, OperationError, permissions
from opsconsole.models import JobRun

from . import uploads
from .error_file import ErrorFile
from .formats import format_of
from .importing import go_through
from .limits import RUN, UnreadableFile
from .outcome import Outcome, RowError
from .plan import ImportPlan, plan_of
from .telling import tell_import
from .trail import Trail
from .uploads import Upload

if TYPE_CHECKING:
    from opsconsole import RunContext

    from .resources import InterchangeResource

MOST_LOGGED = 500
ERROR_FILE = "errores.csv"


class FileImport(Operation, abstract=True):
    """An import operation, but for its name, its words and its resource."""

    resource: ClassVar[type[InterchangeResource]]
    own_file: ClassVar[str]  # its line in the manual names a file like this
    section = gettext_lazy("Importación")
    effect = Effect.WRITES
    exclusive = True
    checks_own_plan = True
    timeout_seconds = 3600
    unit = gettext_lazy("filas")
    figures = (
        Figure("created", gettext_lazy("Nuevas")),
        Figure("updated", gettext_lazy("Cambiadas")),
        Figure("unchanged", gettext_lazy("Sin cambio")),
        Figure("waiting", gettext_lazy("Por aprobar"), gettext_lazy("por una segunda persona")),
    )

    class Params(forms.Form):
        upload = forms.RegexField(
            uploads.ID,
            label=gettext_lazy("Archivo subido"),
            help_text=gettext_lazy(
                "Su número; lo pone la página «Importar» o el comando import_file."
            ),
        )
        dry_run = forms.BooleanField(
            label=gettext_lazy("Solo revisar"),
            help_text=gettext_lazy("Revisa el archivo entero y no cambia nada."),
            required=False,
        )

    def typed(self, values: Mapping[str, Any]) -> tuple[Sequence[str], Mapping[str, Any]]:
        """With a file of one's own: the number of an upload says nothing there."""
        what = self.name.removeprefix("import_")
        return uploads.typed(values, "import_file", what, file=self.own_file)

    def require(self, params: dict[str, Any], *, user: Any) -> None:
        """Refuse to repeat what has no file any more."""
        self._upload(params)

    def plan(self, params: dict[str, Any]) -> ImportPlan:
        """What the file would change, or why it cannot."""
        upload = self._upload(params)
        with readable(), upload.opened() as file:
            sheet = format_of(upload.name).read(file, RUN)
            importer = self.resource.importer(by=account_of(upload), name=upload.name)
            return plan_of(upload, go_through(sheet, importer))

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """All of it or nothing; each refused row in the log and in the file of errors."""
        upload = self._upload(params)
        refuse_another(upload, ctx)
        ctx.info(
            _("Archivo: %(name)s, %(size)s bytes")
            % {"name": upload.name, "size": upload.size_bytes}
        )
        detail = f"#{ctx.run_id} {upload.name}"
        with acting(person=ctx.requested_by, source=Source.IMPORT, detail=detail):
            outcome = self._import(upload, ctx, dry_run=params["dry_run"])
        ctx.progress(outcome.read, total=outcome.read)
        ctx.success(done_words(outcome, dry_run=params["dry_run"]))
        upload.remove()
        return {name: getattr(outcome, name) for name in (figure.key for figure in self.figures)}

    def _import(self, upload: Upload, ctx: RunContext, *, dry_run: bool) -> Outcome:
        """Judge and write in one transaction; it is kept for exactly what was confirmed."""
        importer = self.resource.importer(
            by=account_of(upload), name=upload.name, writing=not dry_run
        )
        with ErrorFile() as errors, Trail(importer) as trail, upload.opened() as file:

            def on_error(error: RowError) -> None:
                if errors.count < MOST_LOGGED:
                    ctx.error(str(error))
                errors.add(error)

            total = lines_of(file) if upload.name.lower().endswith(".csv") else None
            with readable(), transaction.atomic():
                sheet = format_of(upload.name).read(file, RUN)
                outcome = go_through(
                    sheet,
                    importer,
                    watch=watch(ctx, total),
                    on_error=on_error,
                    on_write=trail.add,
                )
                if outcome.error_count:
                    ctx.artifact(ERROR_FILE, errors.taken(), content_type="text/csv")
                    raise errors_found(outcome)
                if ctx.plan_digest:
                    plan_of(upload, outcome).require(ctx.plan_digest)
                if not dry_run:
                    tell_import(self.resource._meta.model, upload, outcome, trail)
        return outcome

    @classmethod
    def model_label(cls) -> str:
        """What its uploads are for."""
        return str(cls.resource._meta.model._meta.label_lower)

    def _upload(self, params: dict[str, Any]) -> Upload:
        """The file, whole and as it was sent."""
        return upload_for(params["upload"], model=self.model_label())


def upload_for(upload_id: str, *, model: str) -> Upload:
    """The file of that number, whole and as it was sent for this model."""
    upload = uploads.find(upload_id)
    if upload is None or upload.model != model or not upload.is_whole():
        raise OperationError(
            _("El archivo ya no está: no se cambió nada."),
            cause=_("Venció, ya se importó o alguien lo cambió."),
            remedy=_("Súbalo otra vez en la página «Importar»."),
        )
    return upload


@contextmanager
def readable() -> Iterator[None]:
    """Say in the console's words what the file, or the database, refuses."""
    try:
        yield
    except UnreadableFile as error:
        raise OperationError(
            _("El archivo no se puede importar: no se cambió nada."),
            cause=str(error),
            remedy=_("Corrija el archivo y súbalo otra vez."),
        ) from error
    except IntegrityError as error:
        raise changed_meanwhile() from error


def changed_meanwhile() -> OperationError:
    """What the database's own promises refuse, after everything was checked."""
    return OperationError(
        _("La base de datos no aceptó las filas: no se cambió nada."),
        cause=_("Otra persona escribió lo mismo a la vez, o dos filas se contradicen."),
        remedy=_("Suba el archivo otra vez y revise qué cambiaría."),
    )


def account_of(upload: Upload) -> Any:
    """Who sent it, as the account is now; None: the trusted terminal."""
    if not upload.sender:
        return None
    person = permissions.person(upload.sender)
    if not person.is_active:
        raise OperationError(
            _("La cuenta que subió el archivo ya no está activa: no se cambió nada."),
            remedy=_("Súbalo otra vez con otra cuenta."),
        )
    return person


def refuse_another(upload: Upload, ctx: RunContext) -> None:
    """The rows were judged for whoever sent the file; nobody else makes them hers."""
    run = JobRun.objects.get(pk=ctx.run_id or 0)
    if (run.requested_by_id or "") != upload.sender:
        raise OperationError(
            _("El archivo lo subió otra persona: no se cambió nada."),
            remedy=_("Súbalo usted misma y revise qué cambiaría."),
        )


def watch(ctx: RunContext, total: int | None) -> Callable[[Outcome], None]:
    """Progress after each chunk, and a place to stop: what was begun is rolled back."""

    def see(outcome: Outcome) -> None:
        ctx.progress(outcome.read, total=None if total is None else max(total, outcome.read))
        ctx.check_cancelled()

    return see


def lines_of(file: Any) -> int:
    """About how many rows a CSV has: its line ends, but for the headings'."""
    count: int = sum(block.count(b"\n") for block in iter(lambda: file.read(1024 * 1024), b""))
    file.seek(0)
    return max(count - 1, 0)


def errors_found(outcome: Outcome) -> OperationError:
    """The ending of a run whose file has errors."""
    return OperationError(
        ngettext(
            "El archivo tiene %(count)s error: no se cambió nada.",
            "El archivo tiene %(count)s errores: no se cambió nada.",
            outcome.error_count,
        )
        % {"count": outcome.error_count},
        cause=str(outcome.errors[0]),
        remedy=_("Corrija las filas que nombra %(name)s y súbalo otra vez.") % {"name": ERROR_FILE},
    )


def done_words(outcome: Outcome, *, dry_run: bool) -> str:
    """The last line."""
    if dry_run:
        return _("Revisión completada: %(summary)s; no se cambió nada.") % {
            "summary": outcome.summary()
        }
    return _("Importación completada: %(summary)s.") % {"summary": outcome.summary()}
