"""Addresses that the API does not have."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from callcentersite.apps.common.sessionless import sessionless
from opsconsole.language import source_language

from ..answers import ApiError, answer_to, response_of


@sessionless
@csrf_exempt
def missing(request: HttpRequest) -> HttpResponseBase:
    """404, whoever asks, however."""
    with source_language():
        error = ApiError(
            _("No hay nada en esta dirección."),
            status=404,
            cause=_("La dirección está mal escrita, o le falta la barra final."),
            remedy=_("Vea docs/api.md."),
        )
        return response_of(answer_to(error), request)
