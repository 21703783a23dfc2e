"""The content of a request: its size, its type, its JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from .answers import ApiError
from .domain.bodies import MOST_BYTES, BadBody, parse


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; raise for what is too large, of another type, or broken."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise ApiError(
            _("El contenido es demasiado grande."),
            status=413,
            cause=_("El máximo es %(bytes)s bytes.") % {"bytes": MOST_BYTES},
            remedy=_("Envíe solo los parámetros."),
        )
    if request.body and request.content_type != "application/json":
        raise ApiError(
            _("El contenido debe ser JSON."),
            status=415,
            cause=_("Llegó como «%(type)s».") % {"type": str(request.content_type)[:100]},
            remedy="Content-Type: application/json",
        )
    try:
        return parse(request.body)
    except BadBody as error:
        raise ApiError(
            _("El contenido no es un objeto JSON válido."),
            status=400,
            cause=_("Lugar o motivo: %(where)s.") % {"where": error},
            remedy=_("Corrija el contenido y vuelva a enviarlo."),
        ) from error
