"""Policies as rows of a file."""

from import_export.fields import Field

from callcentersite.apps.common.interchange.resources import InterchangeResource, StrictBoolean

from .importing import RetentionPolicyImporter
from .models import RetentionPolicy


class RetentionPolicyResource(InterchangeResource):
    """All that a person may say of a policy."""

    importer = RetentionPolicyImporter
    archive = Field(attribute="archive", column_name="archive", widget=StrictBoolean())
    needs_approval = Field(
        attribute="needs_approval", column_name="needs_approval", widget=StrictBoolean()
    )
    active = Field(attribute="active", column_name="active", widget=StrictBoolean())

    class Meta(InterchangeResource.Meta):
        model = RetentionPolicy
        import_id_fields = ("name",)
        fields = RetentionPolicyImporter.columns
        export_order = fields
