"""The file of a report, for who may take it home; there is no other address of it."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callcentersite.apps.audit.services import Target, downloaded
from opsconsole import OperationError, permissions
from opsconsole.admin.downloads import attachment
from opsconsole.admin.pages import problem_page

from . import errors, selectors
from .formats import WRITERS
from .models import Report


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Always as a download. Another's report is, to who may not see it, one that there is not."""
    report = selectors.visible_to(request.user).filter(pk=pk).first()
    if report is None:
        raise Http404
    error, status = obstacle(report, request.user)
    if error is not None:
        title = _("No se puede descargar el reporte")
        return problem_page(request, error, title=title, status=status)
    asked = report.request
    content_type = WRITERS[asked.format].content_type
    if request.method == "GET":
        downloaded(target_of(report), bytes=report.file.size, format=asked.format)
    return attachment(report.file, name=asked.file_name, content_type=content_type)


def target_of(report: Report) -> Target:
    """A report by its number and its file's name."""
    return Target(kind="reports.report", number=str(report.pk), name=report.request.file_name)


def obstacle(report: Report, user: object) -> tuple[OperationError | None, int]:
    """What is in the way, with its status code: the right, the time, the storage."""
    if not selectors.may_download(report, user):
        title = _("descargar el reporte %(id)s") % {"id": report.pk}
        return permissions.not_allowed(title, user, permission="reports.download_report"), 403
    if not report.is_ready:
        return errors.not_ready_yet(), 409
    if not report.file.storage.exists(str(report.file.name)):
        return errors.file_is_gone(), 404
    return None, 200
