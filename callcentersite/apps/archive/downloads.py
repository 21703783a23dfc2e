"""The file of a month's calls, for who may take personal data home."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callcentersite.apps.audit.services import Target, downloaded
from opsconsole import OperationError, permissions
from opsconsole.admin.downloads import NOSNIFF
from opsconsole.admin.pages import problem_page

from .models import CallArchive

PERMISSION = "archive.download_callarchive"


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Always as a download; it is written down who took it."""
    title = _("No se puede descargar el archivo")
    if not request.user.has_perm(PERMISSION):
        asked = _("descargar el archivo de llamadas %(id)s") % {"id": pk}
        error: OperationError = permissions.not_allowed(asked, request.user, permission=PERMISSION)
        return problem_page(request, error, title=title, status=403)
    archive = CallArchive.objects.filter(pk=pk).first()
    if archive is None:
        raise Http404
    if not default_storage.exists(archive.path):
        return problem_page(request, gone(), title=title, status=404)
    name = archive.path.rsplit("/", 1)[-1]
    if request.method == "GET":
        target = Target(kind="archive.callarchive", number=str(archive.pk), name=name)
        downloaded(target, bytes=archive.size_bytes, format="parquet")
    return FileResponse(
        default_storage.open(archive.path, "rb"),
        as_attachment=True,
        filename=name,
        content_type="application/vnd.apache.parquet",
        headers=NOSNIFF,
    )


def gone() -> OperationError:
    """The refusal where the storage lost it."""
    return OperationError(
        _("El archivo ya no está en el almacenamiento."),
        remedy=_("Recupérelo de una copia de seguridad."),
    )
