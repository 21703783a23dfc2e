"""Settings as rows of a file."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader

from callcentersite.apps.common.interchange.resources import InterchangeResource, StrictBoolean

from .models import Configuracion


class ConfiguracionResource(InterchangeResource):
    """Everything that a person may want to bring back; who and when is the history's."""

    activa = Field(attribute="activa", column_name="activa", widget=StrictBoolean())

    class Meta(InterchangeResource.Meta):
        model = Configuracion
        import_id_fields = ("clave",)
        instance_loader_class = CachedInstanceLoader
        fields = (
            "clave",
            "categoria",
            "valor",
            "tipo_dato",
            "unidad",
            "valor_default",
            "descripcion",
            "activa",
        )
        export_order = fields
        import_order = fields

    def validate_instance(
        self, instance: Configuracion, import_validation_errors: Any = None, **kwargs: Any
    ) -> None:
        """As the library does, without a query per constraint: ``clean`` has asked the same."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude=errors.keys(), validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def import_instance(self, instance: Configuracion, row: Any, **kwargs: Any) -> None:
        """Bring values to their one form first: «TRUE» is no change of «true»."""
        super().import_instance(instance, row, **kwargs)
        with suppress(ValidationError):  # told by validate_instance, with all the rest
            instance.clean()
