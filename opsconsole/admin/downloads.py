"""Files that leave the console: always as a download, never as a page of this site."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

NOSNIFF = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


def attachment(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """The stored file, streamed; whoever calls it has asked for the right."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers=NOSNIFF,
    )
