"""The pages: send a file, see what it would do, confirm it; choose a format, take the rows home."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.audit.services import Action, record
from callcentersite.apps.common.acting import Source, acting
from opsconsole import Operation, OperationError, approvals, permissions, registry, runner
from opsconsole.admin.operation_pages import begun_elsewhere
from opsconsole.admin.operations import lead_to_active, offer
from opsconsole.admin.pages import page, problem_page
from opsconsole.doors import Door
from opsconsole.exceptions import AlreadyRunning
from opsconsole.models import Origin

from . import uploads
from .background import changed_meanwhile
from .error_file import ErrorFile
from .formats import FORMATS, format_of
from .importing import go_through
from .limits import (
    PAGE,
    RUN,
    Limits,
    TooMuch,
    UnreadableFile,
    most_exported_rows,
    too_many_bytes,
    too_many_to_export,
)
from .outcome import Outcome
from .plan import ImportPlan
from .resources import InterchangeResource
from .telling import tell_import, thing_of
from .trail import Trail
from .uploads import Upload


class ImportForm(forms.Form):
    """A file of one of the formats."""

    file = forms.FileField(
        label=gettext_lazy("Archivo"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
        help_text=gettext_lazy("CSV, XLSX o JSON."),
    )

    def clean_file(self) -> Any:
        """Refuse by weight and by name before anything is read."""
        file = self.cleaned_data["file"]
        try:
            if file.size > RUN.bytes:
                raise too_many_bytes(RUN.megabytes)
            format_of(file.name)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from None
        return file


class ExportForm(forms.Form):
    """Which format."""

    format = forms.ChoiceField(
        label=gettext_lazy("Formato"),
        choices=[(one.extension, one.title) for one in FORMATS],
        widget=forms.RadioSelect,
        initial="csv",
    )


class InterchangeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A ModelAdmin with import and export, each by a permission of its own.

    ``background`` names the operation that takes the files which are too much for a page.
    """

    resource_class: ClassVar[type[InterchangeResource]]
    background: ClassVar[str] = ""
    change_list_template = "admin/interchange/change_list.html"

    # Who may

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "import")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "export")

    def _may(self, request: HttpRequest, verb: str) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{verb}_{self.opts.model_name}")

    # The pages

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("import/", wrap(self.import_view), name=f"{name}_import"),
            path("export/", wrap(self.export_view), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With a link to each page that this person may open."""
        query = request.GET.urlencode()
        links = {
            "import_url": self._url("import") if self.has_import_permission(request) else "",
            "export_url": self._url("export", query) if self.has_export_permission(request) else "",
        }
        return super().changelist_view(request, links | (extra_context or {}))

    def _url(self, view: str, query: str = "") -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name) + (f"?{query}" if query else "")

    def _page(
        self, request: HttpRequest, template: str, *, title: Any, status: int = 200, **context: Any
    ) -> HttpResponseBase:
        return page(
            request,
            f"admin/interchange/{template}.html",
            title=title,
            status=status,
            opts=self.opts,
            list_url=self._url("changelist"),
            import_url=self._url("import"),
            **context,
        )

    # Out

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Choose a format; the rows are those that the list shows."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        form = ExportForm(request.POST or None)
        listed = self.get_changelist_instance(request).get_queryset(request)
        rows = self.resource_class().filter_export(listed)
        most = most_exported_rows()
        count = rows.order_by()[: most + 1].count()
        problem = ""
        if count > most:
            problem = too_many_to_export(most)
        elif request.method == "POST" and form.is_valid():
            try:
                return self._file(request, rows, form.cleaned_data["format"])
            except UnreadableFile as error:
                problem = str(error)
        context: dict[str, Any] = {
            "form": form,
            "count": count,
            "problem": problem,
            "too_many": count > most,
            "status": 400 if problem and request.method == "POST" else 200,
        }
        title = _("Exportar %(what)s") % {"what": self.opts.verbose_name_plural}
        return self._page(request, "export", title=title, **context)

    def _file(self, request: HttpRequest, rows: Any, extension: str) -> HttpResponse:
        file_format = format_of(f".{extension}")
        dataset = self.resource_class().export(queryset=rows)
        content = file_format.export_data(dataset)
        # Before the file leaves the house: what cannot be written down is not handed out.
        said = {"rows": len(dataset), "format": extension, "filters": dict(request.GET.items())}
        record(Action.EXPORTED, thing_of(self.model), **said)
        day = timezone.localdate().isoformat()
        name = f"{self.opts.model_name}-{day}.{extension}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(content, content_type=file_format.get_content_type(), headers=headers)

    # In

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        """Send a file, see what it would do; confirm, and it is done."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask_for_file(request, ImportForm())
        try:
            if "errors" in request.POST:
                return self._error_file(request)
            if "token" in request.POST:
                return self._confirm(request)
            return self._preview_of_new(request)
        except UnreadableFile as error:
            return self._ask_for_file(request, ImportForm(), problem=str(error), status=400)
        except OperationError as error:
            title = _("No se puede importar")
            return problem_page(request, error, title=title)

    def _ask_for_file(
        self, request: HttpRequest, form: forms.Form, *, problem: str = "", status: int = 200
    ) -> HttpResponseBase:
        title = _("Importar %(what)s") % {"what": self.opts.verbose_name_plural}
        context: dict[str, Any] = {
            "form": form,
            "columns": self.resource_class.importer.columns,
            "problem": problem,
            "page_limits": PAGE,
            "run_limits": RUN if self.background else None,
            **self._operation_behind(request),
        }
        return self._page(request, "import", title=title, status=status, **context)

    def _operation_behind(self, request: HttpRequest) -> dict[str, Any]:
        """The help and the last runs of the operation that begins here."""
        operation = registry.find(self.background)
        return begun_elsewhere(request, operation) if operation is not None else {}

    def _preview_of_new(self, request: HttpRequest) -> HttpResponseBase:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask_for_file(request, form)
        file = form.cleaned_data["file"]
        model = self.opts.label_lower
        upload = uploads.keep(file, name=file.name, sender=request.user, model=model)
        try:
            if upload.size_bytes > PAGE.bytes:
                raise too_many_bytes(PAGE.megabytes)
            return self._show(request, upload, self._judged(request, upload))
        except TooMuch as error:
            return self._hand_over(request, upload, error)
        except UnreadableFile:
            upload.remove()
            raise

    def _hand_over(self, request: HttpRequest, upload: Upload, error: TooMuch) -> HttpResponseBase:
        """Lead to the plan of the run that takes it; the errors of a bad file are shown here."""
        operation = registry.find(self.background)
        if operation is None:
            upload.remove()
            raise error
        permissions.require(operation, request.user)
        values = {"upload": upload.id, "dry_run": False}
        plan = operation.plan(values)
        if isinstance(plan, ImportPlan) and not plan.outcome.is_good:
            return self._show(request, upload, plan.outcome)
        return offer(request, operation, values, plan)

    def _show(
        self, request: HttpRequest, upload: Upload, outcome: Outcome, *, problem: str = ""
    ) -> HttpResponseBase:
        title = _("Importar %(what)s: revisar") % {"what": self.opts.verbose_name_plural}
        context: dict[str, Any] = {
            "outcome": outcome,
            "name": upload.name,
            "token": upload.token(outcome.digest()),
            "problem": problem,
            "needs_approval": self._waits(request) is not None,
        }
        return self._page(request, "preview", title=title, **context)

    def _confirm(self, request: HttpRequest) -> HttpResponseBase:
        upload, digest = self._confirmed(request, request.POST["token"])
        waiting = self._waits(request)
        if waiting is not None:
            return self._submit(request, waiting, upload, digest)
        outcome = self._import(request, upload, expected=digest)
        if outcome.digest() != digest or not outcome.is_good:
            return self._show(request, upload, outcome, problem=changed_words())
        upload.remove()
        text = _("Importación completada: %(summary)s.") % {"summary": outcome.summary()}
        messages.success(request, text)
        return redirect(self._url("changelist"))

    def _waits(self, request: HttpRequest) -> Operation | None:
        """The run by which it has to go, because a second person approves it; None: it may not."""
        operation = registry.find(self.background)
        door = Door(origin=Origin.ADMIN, user=request.user)
        needed = operation is not None and approvals.is_needed(operation, door)
        return operation if needed else None

    def _submit(
        self, request: HttpRequest, operation: Operation, upload: Upload, digest: str
    ) -> HttpResponseBase:
        """Exactly what was shown, as a run that waits."""
        permissions.require(operation, request.user)
        values = {"upload": upload.id, "dry_run": False}
        plan = operation.plan(values)
        outcome = plan.outcome if isinstance(plan, ImportPlan) else Outcome()
        if outcome.digest() != digest or not outcome.is_good:
            return self._show(request, upload, outcome, problem=changed_words())
        door = Door(origin=Origin.ADMIN, user=request.user)
        try:
            return redirect(runner.submit(operation, values, door=door, plan_digest=plan.digest()))
        except AlreadyRunning as error:
            return lead_to_active(request, operation, error)

    def _confirmed(self, request: HttpRequest, token: str) -> tuple[Upload, str]:
        found = uploads.confirmed(token, user=request.user, model=self.opts.label_lower)
        if found is None:
            raise UnreadableFile(
                _("La confirmación ya no vale: no se cambió nada. Suba el archivo otra vez.")
            )
        return found

    def _error_file(self, request: HttpRequest) -> HttpResponseBase:
        """All the errors of a file that was refused, as a file."""
        upload, _digest = self._confirmed(request, request.POST["errors"])
        with ErrorFile() as errors:
            self._judged(request, upload, limits=RUN, on_error=errors.add)
            path = errors.taken()
        answer = FileResponse(path.open("rb"), as_attachment=True, filename="errores.csv")
        path.unlink()  # open it stays readable, and is gone when the answer is
        return answer

    def _judged(
        self,
        request: HttpRequest,
        upload: Upload,
        *,
        limits: Limits = PAGE,
        **listeners: Any,
    ) -> Outcome:
        """Read the file in this person's name."""
        importer = self.resource_class.importer(by=request.user, name=upload.name)
        with upload.opened() as file:
            return go_through(format_of(upload.name).read(file, limits), importer, **listeners)

    def _import(self, request: HttpRequest, upload: Upload, *, expected: str) -> Outcome:
        """Do it in a transaction; keep it only where it is exactly what was expected."""
        person = request.user.get_username()
        with acting(person=person, source=Source.IMPORT, detail=upload.name):
            try:
                with transaction.atomic():
                    outcome = self._write(request, upload, expected=expected)
            except IntegrityError as error:
                raise changed_meanwhile() from error
        return outcome

    def _write(self, request: HttpRequest, upload: Upload, *, expected: str) -> Outcome:
        """In the caller's transaction, which is marked where it must not be kept."""
        importer = self.resource_class.importer(by=request.user, name=upload.name, writing=True)
        with Trail(importer) as trail, upload.opened() as file:
            sheet = format_of(upload.name).read(file, PAGE)
            outcome = go_through(sheet, importer, on_write=trail.add)
            if not outcome.is_good or outcome.digest() != expected:
                transaction.set_rollback(True)
            else:
                tell_import(self.model, upload, outcome, trail)
        return outcome


def changed_words() -> str:
    """Why what was confirmed is shown again."""
    return _("Los datos cambiaron desde que se mostró: no se cambió nada. Revise otra vez.")
