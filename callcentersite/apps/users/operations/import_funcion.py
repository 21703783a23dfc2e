"""Functions from a file that is too much for a page."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.background import FileImport

from ..interchange.resources import FuncionResource


class ImportFuncion(FileImport):
    """As the page does, with up to a million rows; for superusers."""

    name = "import_funcion"
    title = _("Importar funciones")
    description = _(
        "Importa un archivo de funciones, con sus capacidades, que pasa del límite de la página: "
        "todo o nada."
    )
    begins_at = "admin:users_funcion_import"
    own_file = "funciones.csv"
    resource = FuncionResource
