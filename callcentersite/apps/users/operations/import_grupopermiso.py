"""Groups from a file that is too much for a page."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.background import FileImport

from ..interchange.resources import GrupoPermisoResource


class ImportGrupoPermiso(FileImport):
    """As the page does, with up to a million rows; a second person approves the run."""

    name = "import_grupopermiso"
    title = _("Importar grupos de permisos")
    description = _(
        "Importa un archivo de grupos de permisos, con sus capacidades, que pasa del límite de "
        "la página: todo o nada."
    )
    capability = "sistema.administracion.usuarios.asignar_grupos"
    begins_at = "admin:users_grupopermiso_import"
    own_file = "grupos.csv"
    resource = GrupoPermisoResource
