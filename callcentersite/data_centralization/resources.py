"""Policies as rows of a file."""

from import_export.fields import Field

from callcentersite.apps.common.interchange.resources import InterchangeResource, StrictBoolean

from .models import RetentionPolicy


class RetentionPolicyResource(InterchangeResource):
    """All that a person may say of a policy."""

    archive = Field(attribute="archive", column_name="archive", widget=StrictBoolean())
    needs_approval = Field(
        attribute="needs_approval", column_name="needs_approval", widget=StrictBoolean()
    )
    active = Field(attribute="active", column_name="active", widget=StrictBoolean())

    class Meta(InterchangeResource.Meta):
        model = RetentionPolicy
        import_id_fields = ("name",)
        fields = (
            "name",
            "target",
            "action",
            "days",
            "config_key",
            "condition",
            "floor_days",
            "archive",
            "archive_days",
            "max_rows",
            "needs_approval",
            "order",
            "active",
        )
        export_order = fields
        import_order = fields
