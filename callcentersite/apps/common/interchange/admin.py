"""The pages: send a file, see what it would do, confirm it; choose a format, take the rows home."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.apps.common.acting import Source, acting
from opsconsole.admin.pages import page

from . import uploads
from .formats import FORMATS, format_of
from .limits import (
    MOST_BYTES,
    MOST_ROWS,
    UnreadableFile,
    most_exported_rows,
    too_many_bytes,
    too_many_to_export,
)
from .preview import Preview
from .resources import InterchangeResource


class ImportForm(forms.Form):
    """A file of one of the formats."""

    file = forms.FileField(
        label=gettext_lazy("Archivo"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
        help_text=gettext_lazy("CSV, XLSX o JSON; hasta 5 000 filas y 5 MB."),
    )

    def clean_file(self) -> Any:
        """Refuse by weight and by name before anything is read."""
        file = self.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                raise too_many_bytes()
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
    """A ModelAdmin with import and export, each by a permission of its own."""

    resource_class: ClassVar[type[InterchangeResource]]
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
        rows = self.get_changelist_instance(request).get_queryset(request)
        most = most_exported_rows()
        count = rows.order_by()[: most + 1].count()
        problem = ""
        if count > most:
            problem = too_many_to_export(most)
        elif request.method == "POST" and form.is_valid():
            try:
                return self._file(rows, form.cleaned_data["format"])
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

    def _file(self, rows: Any, extension: str) -> HttpResponse:
        file_format = format_of(f".{extension}")
        content = file_format.export_data(self.resource_class().export(queryset=rows))
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
            if "token" in request.POST:
                return self._confirm(request)
            return self._preview_of_new(request)
        except UnreadableFile as error:
            form = ImportForm()
            return self._ask_for_file(request, form, problem=str(error), status=400)

    def _ask_for_file(
        self, request: HttpRequest, form: forms.Form, *, problem: str = "", status: int = 200
    ) -> HttpResponseBase:
        columns = self.resource_class().get_diff_headers()
        title = _("Importar %(what)s") % {"what": self.opts.verbose_name_plural}
        context: dict[str, Any] = {
            "form": form,
            "columns": columns,
            "problem": problem,
            "most_rows": MOST_ROWS,
        }
        return self._page(request, "import", title=title, status=status, **context)

    def _preview_of_new(self, request: HttpRequest) -> HttpResponseBase:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask_for_file(request, form)
        file = form.cleaned_data["file"]
        content = file.read()
        preview = self._import(request, content, file.name, expected=None)
        stored = uploads.store(content) if preview.is_good else ""
        return self._show(request, preview, name=file.name, stored=stored)

    def _show(
        self, request: HttpRequest, preview: Preview, *, name: str, stored: str, problem: str = ""
    ) -> HttpResponseBase:
        upload = uploads.Upload(
            stored=stored,
            name=name,
            user=str(request.user.pk),
            model=self.opts.label_lower,
            digest=preview.digest(),
        )
        title = _("Importar %(what)s: revisar") % {"what": self.opts.verbose_name_plural}
        context: dict[str, Any] = {
            "preview": preview,
            "name": name,
            "token": upload.token(),
            "problem": problem,
        }
        return self._page(request, "preview", title=title, **context)

    def _confirm(self, request: HttpRequest) -> HttpResponseBase:
        upload = uploads.confirmed(
            request.POST["token"], user=request.user, model=self.opts.label_lower
        )
        if upload is None:
            raise UnreadableFile(
                _("La confirmación ya no vale: no se cambió nada. Suba el archivo otra vez.")
            )
        preview = self._import(request, upload.content(), upload.name, expected=upload.digest)
        if preview.digest() != upload.digest or not preview.is_good:
            problem = _(
                "Los datos cambiaron desde que se mostró: no se cambió nada. Revise otra vez."
            )
            stored = upload.stored
            return self._show(request, preview, name=upload.name, stored=stored, problem=problem)
        upload.remove()
        messages.success(request, summary(preview))
        return redirect(self._url("changelist"))

    def _import(
        self, request: HttpRequest, content: bytes, name: str, *, expected: str | None
    ) -> Preview:
        """Do it in a transaction; keep it only where it is exactly what was expected."""
        dataset = format_of(name).create_dataset(content)
        person = request.user.get_username()
        with acting(person=person, source=Source.IMPORT, detail=name), transaction.atomic():
            result = self.resource_class().import_data(dataset, use_transactions=True)
            preview = Preview.of(result)
            if not preview.is_good or preview.digest() != expected:
                transaction.set_rollback(True)
        return preview


def summary(preview: Preview) -> str:
    """What was done."""
    created = ngettext("%(count)s fila nueva", "%(count)s filas nuevas", preview.created) % {
        "count": preview.created
    }
    updated = ngettext("%(count)s fila cambiada", "%(count)s filas cambiadas", preview.updated) % {
        "count": preview.updated
    }
    return _("Importación completada: %(created)s, %(updated)s.") % {
        "created": created,
        "updated": updated,
    }
