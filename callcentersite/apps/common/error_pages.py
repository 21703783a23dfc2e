"""What is refused, gone or too old to be sent: said in the console's frame and words."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views import csrf, defaults

from opsconsole import OperationError
from opsconsole.admin.pages import problem_page
from opsconsole.text import Text


def refused(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """A page that this account may not open (``handler403``)."""
    if not is_for_people(request):
        return defaults.permission_denied(request, exception)
    error = OperationError(
        _("Su cuenta no puede abrir esta página."),
        remedy=_("Pida el permiso a quien administra los usuarios."),
    )
    return shown(request, error, title=_("Sin permiso"), status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """A page that there is not (``handler404``)."""
    if not is_for_people(request):
        return defaults.page_not_found(request, exception)
    error = OperationError(
        _("Esta página no existe."),
        cause=_("Lo que mostraba se eliminó, o la dirección está mal escrita."),
        remedy=_("Búsquelo desde el inicio."),
    )
    return shown(request, error, title=_("No existe"), status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form without the token of this session (``CSRF_FAILURE_VIEW``)."""
    if not is_for_people(request):
        return csrf.csrf_failure(request, reason)
    error = OperationError(
        _("No se hizo nada: la página del formulario se quedó vieja."),
        cause=_("Se abrió antes de la última entrada, o el navegador no guarda cookies."),
        remedy=_("Vuelva atrás, recargue la página y envíe el formulario otra vez."),
    )
    return shown(request, error, title=_("No se hizo nada"), status=403)


def is_for_people(request: HttpRequest) -> bool:
    """Pages of the admin, once it is known who asks; scripts and strangers get a plain word."""
    return hasattr(request, "user") and request.path.startswith(("/admin/", "/i18n/"))


def shown(
    request: HttpRequest, error: OperationError, *, title: Text, status: int
) -> HttpResponseBase:
    """Rendered now: beyond the views nobody else does it."""
    return problem_page(request, error, title=title, status=status).render()
