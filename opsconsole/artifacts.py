"""Files that runs leave behind, in Django's storage."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from .context import Artifact, RunContext
from .models import JobArtifact

logger = logging.getLogger(__name__)
MAX_NAME = 200  # the column's


def store(run_id: int, ctx: RunContext) -> None:
    """Store each waiting file; it leaves the queue when it is safe, or cannot be stored.

    Raises only what another try may answer: the database is away or locked.
    """
    while ctx.artifacts:
        artifact = ctx.artifacts[0]
        try:
            store_one(run_id, artifact)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # A name that no storage takes, a full disk: the run has to say so, not to end by it.
            logger.exception("run %s: a file could not be stored", run_id)
            ctx.error(
                _("No se pudo guardar el archivo «%(name)s»: %(error)s.")
                % {"name": artifact.name, "error": reason(error)}
            )
        ctx.artifacts.popleft()


def reason(error: Exception) -> str:
    """The system's word for it, else the error's class."""
    return getattr(error, "strerror", None) or type(error).__name__


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
    name = artifact.name[-MAX_NAME:]  # the end, where its type stands
    for old in JobArtifact.objects.filter(run_id=run_id, name=name):
        old.file.delete(save=False)
        old.delete()
    row = JobArtifact(
        run_id=run_id,
        name=name,
        content_type=artifact.content_type,
        size_bytes=file.size,
        sha256=digest,
    )
    file.seek(0)
    row.file.save(name, file, save=False)
    row.save()
    return row
