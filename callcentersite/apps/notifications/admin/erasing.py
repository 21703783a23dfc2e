"""Ask once before messages are deleted; unread ones never are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole.admin.pages import page

from .. import services

CONFIRMED = "confirmed"


def ask_before_erasing(request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
    """First the page that says how many; the second time it is done."""
    count = rows.filter(is_read=True).order_by().count()
    if not count:
        text = _("Solo se eliminan mensajes leídos, y ninguno de los seleccionados lo está.")
        messages.warning(request, text)
        return None
    if CONFIRMED not in request.POST:
        return ask(request, rows, count)
    gone = services.erase_read(rows)
    text = ngettext("Se eliminó %(count)s mensaje.", "Se eliminaron %(count)s mensajes.", gone)
    messages.success(request, text % {"count": gone})
    return None


def ask(request: HttpRequest, rows: QuerySet[Any], count: int) -> HttpResponseBase:
    """The page; it sends the same selection again."""
    return page(
        request,
        "admin/notifications/erase.html",
        title=_("Eliminar mensajes leídos"),
        count=count,
        kept=rows.filter(is_read=False).order_by().count(),
        checkbox=ACTION_CHECKBOX_NAME,
        selected=request.POST.getlist(ACTION_CHECKBOX_NAME),
        across=request.POST.get("select_across", "0"),
        confirmed=CONFIRMED,
    )
