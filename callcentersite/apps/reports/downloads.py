"""The file of a report, for who may take it home; there is no other address of it."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

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
    try:
        require_file(report, request.user)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede descargar el reporte"))
    asked = report.request
    content_type = WRITERS[asked.format].content_type
    return attachment(report.file, name=asked.file_name, content_type=content_type)


def require_file(report: Report, user: object) -> None:
    """Raise what is in the way: the right, the time, the storage."""
    if not selectors.may_download(report, user):
        title = _("descargar el reporte %(id)s") % {"id": report.pk}
        raise permissions.not_allowed(title, user, permission="reports.download_report")
    if not report.is_ready:
        raise errors.not_ready_yet()
    if not report.file.storage.exists(str(report.file.name)):
        raise errors.file_is_gone()
