"""Back the settings up: dumpdata of this app to the storage, with its checksum; thirty are kept.

The values are written as they are. None of the forty settings is a secret: those live in the
environment, and are in no backup.
"""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from .models import Configuracion, ConfiguracionBackup, ConfiguracionChange

logger = logging.getLogger(__name__)
KEPT = 30
# Not the list of the backups themselves: what is loaded later must not bring back old rows of it.
MODELS = ("configuration.configuracion", "configuration.configuracionchange")


def make(*, by: str = "", run: int | None = None) -> ConfiguracionBackup:
    """One more; file and row are both there, or neither."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"config_{timezone.localtime():%Y%m%d_%H%M%S_%f}.json"
        with transaction.atomic():
            # By key, so that it fits a database in which the rows have other numbers.
            call_command(
                "dumpdata",
                *MODELS,
                output=str(path),
                use_natural_primary_keys=True,
                indent=1,
                verbosity=0,
            )
            backup = describe(path, by=by, run=run)
        return keep(backup, path)


def describe(path: Path, *, by: str, run: int | None) -> ConfiguracionBackup:
    """The row of that file, not yet written."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ConfiguracionBackup(
        name=path.name,
        size_bytes=path.stat().st_size,
        sha256=digest,
        settings=Configuracion.objects.count(),
        changes=ConfiguracionChange.objects.count(),
        made_by=by[:150],
        run=run,
    )


def keep(backup: ConfiguracionBackup, path: Path) -> ConfiguracionBackup:
    """Put the file into the storage, then write its row."""
    with path.open("rb") as file:
        backup.file.save(path.name, File(file), save=False)
    try:
        backup.save()
    except Exception:
        backup.file.delete(save=False)
        raise
    return backup


def prune() -> int:
    """Forget those beyond the newest thirty; their files go once that is committed."""
    with transaction.atomic():
        old = list(ConfiguracionBackup.objects.order_by("-made_at", "-pk")[KEPT:])
        ConfiguracionBackup.objects.filter(pk__in=[one.pk for one in old]).delete()
        transaction.on_commit(partial(discard, [str(one.file.name) for one in old]))
    return len(old)


def discard(names: list[str]) -> None:
    """Delete the files; one that will not go is logged, and holds up none."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("backup %s could not be deleted", name)
