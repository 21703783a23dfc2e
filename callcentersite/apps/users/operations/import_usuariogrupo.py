"""Memberships from a file that is too much for a page."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.background import FileImport

from ..interchange.resources import UsuarioGrupoResource


class ImportUsuarioGrupo(FileImport):
    """As the page does, with up to a million rows; a second person approves the run."""

    name = "import_usuariogrupo"
    title = _("Importar grupos de los usuarios")
    description = _(
        "Importa un archivo de grupos de los usuarios que pasa del límite de la página: "
        "todo o nada."
    )
    capability = "sistema.administracion.usuarios.asignar_grupos"
    begins_at = "admin:users_usuariogrupo_import"
    own_file = "asignaciones.csv"
    resource = UsuarioGrupoResource
