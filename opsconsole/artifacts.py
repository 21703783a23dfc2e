"""Files that runs leave behind, in Django's storage."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from .context import Artifact, RunContext
from .models import JobArtifact


def store(run_id: int, ctx: RunContext) -> None:
    """Store each waiting file; it leaves the queue when it is safe, or cannot be stored."""
    while ctx.artifacts:
        artifact = ctx.artifacts[0]
        try:
            store_one(run_id, artifact)
        except OSError as error:
            ctx.error(
                _("No se pudo guardar el archivo «%(name)s»: %(error)s.")
                % {"name": artifact.name, "error": error.strerror or type(error).__name__}
            )
        ctx.artifacts.popleft()


def store_one(run_id: int, artifact: Artifact) -> JobArtifact:
    """Store one file, in place of an earlier one of the same name."""
    if isinstance(artifact.content, Path):
        with artifact.content.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            row = _save(run_id, artifact, File(source), digest=digest)
        artifact.content.unlink()
        return row
    digest = hashlib.sha256(artifact.content).hexdigest()
    return _save(run_id, artifact, ContentFile(artifact.content), digest=digest)


def _save(run_id: int, artifact: Artifact, file: File, *, digest: str) -> JobArtifact:
    for old in JobArtifact.objects.filter(run_id=run_id, name=artifact.name):
        old.file.delete(save=False)
        old.delete()
    row = JobArtifact(
        run_id=run_id,
        name=artifact.name,
        content_type=artifact.content_type,
        size_bytes=file.size,
        sha256=digest,
    )
    file.seek(0)
    row.file.save(artifact.name, file, save=False)
    row.save()
    return row
