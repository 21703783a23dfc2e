"""Capabilities from a file that is too much for a page."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.background import FileImport

from ..interchange.resources import CapacidadResource


class ImportCapacidad(FileImport):
    """As the page does, with up to a million rows; for superusers."""

    name = "import_capacidad"
    title = _("Importar capacidades")
    description = _(
        "Importa un archivo de capacidades que pasa del límite de la página: todo o nada."
    )
    begins_at = "admin:users_capacidad_import"
    own_file = "capacidades.csv"
    resource = CapacidadResource
