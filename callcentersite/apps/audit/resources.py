"""Entries as rows of a file; every column that is signed, so that the file can be verified."""

from typing import Any

from import_export.fields import Field

from callcentersite.apps.common.interchange.resources import InterchangeResource

from .models import CHAINED, SAID, AuditLog


class AuditLogResource(InterchangeResource):
    """Out only."""

    happened_at = Field(attribute="happened_at", column_name="happened_at")

    class Meta(InterchangeResource.Meta):
        model = AuditLog
        fields = (*CHAINED, *SAID)
        export_order = fields

    def dehydrate_happened_at(self, row: Any) -> str:
        """In UTC to the microsecond, as it is signed."""
        return str(row.said()[0])
