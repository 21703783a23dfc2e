"""What must be true of archived calls: each row has its file, as long as it was, and each file
its row. Whether a file still says the same is found by ``verify_call_archives``, which reads it."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity
from callcentersite.apps.integrity.registry import Check, register

from . import keeping
from .models import CallArchive

CHUNK = 500


def rows_without_file() -> Iterator[Offender]:
    """The file is gone, or of another size than its manifest says; it is not opened."""
    rows = CallArchive.objects.order_by("pk").only("path", "size_bytes")
    for archive in rows.iterator(chunk_size=CHUNK):
        if text := lost(archive):
            yield Offender(key=archive.pk, text=text, mendable=False)


def lost(archive: CallArchive) -> str:
    """What is wrong with its file at a glance, in a sentence; empty: nothing."""
    about = {"path": archive.path, "expected": archive.size_bytes}
    if not default_storage.exists(archive.path):
        return _("%(path)s: ya no está en el almacenamiento.") % about
    if (size := default_storage.size(archive.path)) != archive.size_bytes:
        text = _("%(path)s: tiene %(size)s bytes; debía tener %(expected)s.")
        return text % {**about, "size": size}
    return ""


def files_without_row() -> Iterator[Offender]:
    """Nothing leads to them."""
    for path in keeping.left_over():
        text = _("Archivo «%(name)s»: ninguna fila lo conoce.") % {"name": path}
        yield Offender(key=path, text=text, mendable=False)


register(
    Check(
        name="call_archives_without_file",
        title=gettext_lazy("Llamadas archivadas cuyo archivo falta o cambió de tamaño"),
        model="archive.CallArchive",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "Las llamadas que no se han devuelto a la tabla solo están ahí: sin su archivo se "
            "pierden."
        ),
        remedy=gettext_lazy(
            "Recupérelo de una copia de seguridad y compruébelo: "
            "python manage.py verify_call_archives"
        ),
        find=rows_without_file,
    )
)
register(
    Check(
        name="call_archive_files_without_row",
        title=gettext_lazy("Archivos de llamadas que ninguna fila conoce"),
        model="archive.CallArchive",
        severity=Severity.WARNING,
        explanation=gettext_lazy(
            "Los dejó una corrida que murió, o la base de datos es de una copia anterior. Los del "
            "último día no se cuentan: pueden estar guardándose."
        ),
        remedy=gettext_lazy(
            "Si la base de datos es la buena, no haga nada: la próxima corrida que archive los "
            "elimina. Si viene de una copia, guárdelos antes en otro lugar."
        ),
        find=files_without_row,
        in_order=False,
        listed="",
    )
)
