"""The pages of an import: send a file, say which column is which, see what it would do, confirm."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.common.interchange.limits import RUN, UnreadableFile
from callcentersite.apps.common.interchange.uploads import Upload
from opsconsole import Operation, OperationError, permissions, registry, runner
from opsconsole.admin.operation_pages import begun_elsewhere
from opsconsole.admin.operations import lead_to_active
from opsconsole.admin.pages import page, problem_page
from opsconsole.doors import Door
from opsconsole.exceptions import AlreadyRunning
from opsconsole.models import Origin

from ..domain.files.headings import Layout, guess
from .choosing import OPERATION, remembered, sentence, titles
from .forms import ColumnsForm, FileForm
from .preview import Beginning, beginning_of, preview_of, rows_of, unused

MODEL = "analytics.call"
ADDRESS = "calls_import"


@require_http_methods(["GET", "HEAD", "POST"])
def import_calls(request: HttpRequest) -> HttpResponseBase:
    """One address for all the steps; only the last one changes anything."""
    operation = registry.get(OPERATION)
    try:
        permissions.require(operation, request.user)
        if request.method != "POST":
            return opened(request)
        return taken(request, operation) if "token" in request.POST else sent(request)
    except UnreadableFile as error:
        return file_page(request, first_form(), problem=str(error), status=400)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede importar"))


def opened(request: HttpRequest) -> HttpResponseBase:
    """The first page; or the second, for a file that was sent already."""
    if "upload" not in request.GET:
        return file_page(request, first_form())
    upload = uploads.find(request.GET["upload"])
    is_hers = upload is not None and (upload.sender, upload.model) == (str(request.user.pk), MODEL)
    if upload is None or not is_hers or not upload.is_whole():
        raise UnreadableFile(_("El archivo ya no está. Súbalo otra vez."))
    zone = str(first_form()["zone"].value())
    return choice_page(request, upload, *first_choice(upload, zone), seal="")


def sent(request: HttpRequest) -> HttpResponseBase:
    """Keep the file, and show what it would do if its headings are what they seem."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return file_page(request, form)
    file = form.cleaned_data["file"]
    upload = uploads.keep(file, name=file.name, sender=request.user, model=MODEL)
    try:
        beginning, columns = first_choice(upload, form.cleaned_data["zone"])
    except UnreadableFile:
        upload.remove()
        raise
    return review(request, upload, beginning, columns)


def first_choice(upload: Upload, zone: str) -> tuple[Beginning, ColumnsForm]:
    """What was chosen for such a file before, else what its headings say."""
    beginning = beginning_of(upload)
    layout = remembered(beginning.headings) or guess(beginning.headings)
    values = {**layout.heading_of, "zone": zone}
    return beginning, ColumnsForm(values, headings=beginning.headings)


def taken(request: HttpRequest, operation: Operation) -> HttpResponseBase:
    """Another choice of columns is reviewed again; the one that was reviewed may be loaded."""
    found = uploads.confirmed(request.POST["token"], user=request.user, model=MODEL)
    if found is None:
        raise UnreadableFile(
            _("La confirmación ya no vale: no se cambió nada. Suba el archivo otra vez.")
        )
    upload, seal = found
    beginning = beginning_of(upload)
    form = ColumnsForm(request.POST, headings=beginning.headings)
    is_wanted = "load" in request.POST or "try" in request.POST
    if not (is_wanted and form.is_valid()):
        return review(request, upload, beginning, form)
    if seal != seal_of(form):
        notice = _("Las columnas cambiaron desde que las vio: revíselas antes de importar.")
        return review(request, upload, beginning, form, notice=notice)
    return submitted(request, operation, upload, form)


def submitted(
    request: HttpRequest, operation: Operation, upload: Upload, form: ColumnsForm
) -> HttpResponseBase:
    """Exactly what was shown, as a run."""
    values = values_of(upload, form) | {"dry_run": "try" in request.POST}
    door = Door(origin=Origin.ADMIN, user=request.user)
    try:
        return redirect(runner.submit(operation, values, door=door))
    except AlreadyRunning as error:
        return lead_to_active(request, operation, error)


def values_of(upload: Upload, form: ColumnsForm) -> dict[str, Any]:
    """The parameters of a run that does what the form says."""
    return {
        "upload": upload.id,
        "columns": json.dumps(form.chosen(), ensure_ascii=False),
        "zone": form.cleaned_data["zone"],
    }


# What they look like


def first_form() -> FileForm:
    """The first page's form with the site's zone chosen."""
    form = FileForm()
    form.initial["zone"] = form.fields["zone"].choices[0][0]  # type: ignore[attr-defined]
    return form


def file_page(
    request: HttpRequest, form: FileForm, *, problem: str = "", status: int = 200
) -> HttpResponseBase:
    """Send a file."""
    context = {"form": form, "columns": titles(), "problem": problem, "limits": RUN}
    return framed(request, "import", {}, title=_("Importar llamadas"), status=status, **context)


def review(
    request: HttpRequest,
    upload: Upload,
    beginning: Beginning,
    form: ColumnsForm,
    *,
    notice: str = "",
) -> HttpResponseBase:
    """The choice, and what it would do unless something is wrong with it."""
    if not form.is_valid():
        return choice_page(request, upload, beginning, form, seal="", status=400)
    layout = Layout(heading_of=form.chosen())
    problems = [sentence(one) for one in layout.problems(beginning.headings)]
    context: dict[str, Any] = {"problems": problems, "notice": notice}
    if problems:
        return choice_page(request, upload, beginning, form, seal="", **context)
    zone = form.cleaned_data["zone"]
    context["preview"] = preview_of(beginning, layout, name=upload.name, zone=zone)
    return choice_page(request, upload, beginning, form, seal=seal_of(form), **context)


def choice_page(
    request: HttpRequest,
    upload: Upload,
    beginning: Beginning,
    form: ColumnsForm,
    *,
    seal: str,
    status: int = 200,
    **context: Any,
) -> HttpResponseBase:
    """Which column is which, with the first values of each."""
    fields = [form[name] for name in titles()]
    context |= {
        "form": form,
        "fields": list(rows_of(fields, beginning)),
        "unused": unused(fields, beginning),
        "upload": upload,
        "token": upload.token(seal),
    }
    title = _("Importar llamadas: revisar")
    values = values_of(upload, form) if form.is_valid() else {"upload": upload.id}
    if form.is_valid() and form.chosen() == guess(beginning.headings).heading_of:
        del values["columns"]  # the terminal finds them as well
    return framed(request, "review", values, title=title, status=status, **context)


def framed(
    request: HttpRequest,
    template: str,
    values: dict[str, Any],
    *,
    title: str,
    status: int,
    **context: Any,
) -> HttpResponseBase:
    """In the admin's frame; ``values`` are what the run would be given."""
    return page(
        request,
        f"admin/etl/calls_{template}.html",
        title=title,
        status=status,
        import_url=reverse(ADDRESS),
        **begun_elsewhere(request, registry.get(OPERATION), values),
        **context,
    )


def seal_of(form: ColumnsForm) -> str:
    """What stands for exactly this choice."""
    text = json.dumps([form.chosen(), form.cleaned_data["zone"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
