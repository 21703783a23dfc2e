"""Settings from a file that is too much for a page."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.interchange.background import FileImport

from ..resources import ConfiguracionResource


class ImportConfiguracion(FileImport):
    """As the page does, with up to a million rows; the catalogue says who approves it."""

    name = "import_configuracion"
    title = _("Importar configuraciones")
    description = _(
        "Importa un archivo de configuraciones que pasa del límite de la página: todo o nada, "
        "con cada cambio en el historial."
    )
    capability = "sistema.tecnico.configuracion.importar"
    begins_at = "admin:configuration_configuracion_import"
    own_file = "ajustes.csv"
    resource = ConfiguracionResource
