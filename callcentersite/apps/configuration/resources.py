"""Settings as rows of a file."""

from import_export.fields import Field

from callcentersite.apps.common.interchange.resources import InterchangeResource, StrictBoolean

from .importing import ConfiguracionImporter
from .models import Configuracion


class ConfiguracionResource(InterchangeResource):
    """Everything that a person may want to bring back; who and when is the history's."""

    importer = ConfiguracionImporter
    activa = Field(attribute="activa", column_name="activa", widget=StrictBoolean())

    class Meta(InterchangeResource.Meta):
        model = Configuracion
        import_id_fields = ("clave",)
        fields = ConfiguracionImporter.columns
        export_order = fields
