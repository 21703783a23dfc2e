"""The settings that other systems obey, read-only."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from callcentersite.apps.configuration.selectors import Published, published
from callcentersite.apps.configuration.services import categories
from opsconsole.permissions import require_permission

from ..answers import Answer, ApiError
from ..api import Call, api_view
from ..domain import scopes

PERMISSION = "configuration.view_configuracion"


@api_view("GET")
def every_category(call: Call) -> Answer:
    """Those that the client may read."""
    require_permission(PERMISSION, call.account, title=_("leer la configuración"))
    found = published(readable(call))
    return Answer(data={"categorias": [category(one, found[one]) for one in readable(call)]})


@api_view("GET")
def one_category(call: Call, categoria: str) -> Answer:
    """One of them."""
    require_permission(PERMISSION, call.account, title=_("leer la configuración"))
    if categoria not in categories():
        raise ApiError(
            _("No existe la categoría «%(name)s».") % {"name": categoria},
            status=404,
            remedy=_("Categorías que puede leer: %(names)s")
            % {"names": ", ".join(readable(call)) or "–"},
            categorias=readable(call),
        )
    call.require_scope(scopes.configuration(categoria))
    return Answer(data=category(categoria, published([categoria])[categoria]))


def readable(call: Call) -> list[str]:
    """The categories in the client's scopes, in the catalogue's order."""
    allowed = scopes.categories_in(call.client.scopes)
    return [one for one in categories() if one in allowed]


def category(name: str, settings: list[Published]) -> dict[str, Any]:
    """A category as JSON."""
    return {
        "categoria": name,
        "url": reverse("api:category", args=[name]),
        "configuraciones": [
            {
                "clave": one.clave,
                "valor": one.value,
                "tipo_dato": one.tipo_dato,
                "unidad": one.unidad,
                "descripcion": one.descripcion,
                "updated_at": one.updated_at,
            }
            for one in settings
        ],
    }
