"""What must be true of runs and of their files: tables of the engine, which knows no site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole.models import JobArtifact, JobRun
from opsconsole.ticking import bury, silent_runs

from . import run_files
from .domain.findings import Offender, Severity, mixed
from .registry import Check, Key, Mend, register

CHUNK = 500

# Runs


def silent() -> Iterator[Offender]:
    """Under way by their row, and nobody works on them."""
    for run in sorted(silent_runs(), key=lambda run: run.pk):
        yield Offender(
            key=run.pk,
            text=_("Corrida %(key)s, %(operation)s: activa y sin señales de su worker.")
            % {"key": run.pk, "operation": run.operation},
            version=mixed(run.token, run.status),
        )


def bury_all(keys: Sequence[Key]) -> int:
    """As the next tick would: lost, or back in the queue where another worker can go on."""
    return sum(bury(run) for run in JobRun.objects.filter(pk__in=keys).order_by("pk"))


register(
    Check(
        name="runs_without_heartbeat",
        title=gettext_lazy("Corridas activas sin latido"),
        model="opsconsole.JobRun",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "Su worker murió. Los workers las declaran perdidas en segundos: si siguen así, no hay "
            "ninguno, y sus candados cierran el paso a otras."
        ),
        remedy=gettext_lazy("Repárelas y revise que haya workers: python manage.py qcluster"),
        find=silent,
        mend=Mend(
            title=gettext_lazy("Se declaran perdidas, o vuelven a la cola si se pueden retomar."),
            apply=bury_all,
            whole=False,
        ),
    )
)


# Files


def rows_without_file() -> Iterator[Offender]:
    """The storage has nothing under that name."""
    rows = JobArtifact.objects.order_by("pk").only("run_id", "name", "file")
    for row in rows.iterator(chunk_size=CHUNK):
        if not row.file.storage.exists(str(row.file.name)):
            yield Offender(
                key=row.pk,
                text=_("Corrida %(run)s: falta su archivo «%(name)s».")
                % {"run": row.run_id, "name": row.name},
                sought=str(row.run_id),
            )


def delete_rows(keys: Sequence[Key]) -> int:
    """There is nothing to download."""
    deleted, _rows = JobArtifact.objects.filter(pk__in=keys).delete()
    return deleted


def files_without_row() -> Iterator[Offender]:
    """Nothing leads to them."""
    for name in run_files.orphans():
        text = _("Archivo «%(name)s»: ninguna corrida lo tiene.") % {"name": name}
        yield Offender(key=name, text=text)


def delete_files(keys: Sequence[Key]) -> int:
    """From the storage."""
    return sum(run_files.delete(str(key)) for key in keys)


register(
    Check(
        name="artifacts_without_file",
        title=gettext_lazy("Archivos de corridas que ya no están"),
        model="opsconsole.JobArtifact",
        severity=Severity.ERROR,
        explanation=gettext_lazy("La página de la corrida ofrece un archivo que no se descarga."),
        remedy=gettext_lazy("Recupérelo de un respaldo, o repárelo: la corrida se queda sin él."),
        find=rows_without_file,
        listed="opsconsole.JobRun",
        mend=Mend(
            title=gettext_lazy("Se elimina el renglón del archivo; la corrida se queda."),
            apply=delete_rows,
            deletes=True,
        ),
    )
)
register(
    Check(
        name="files_without_artifact",
        title=gettext_lazy("Archivos que ninguna corrida tiene"),
        model="opsconsole.JobArtifact",
        severity=Severity.WARNING,
        explanation=gettext_lazy(
            "Ocupan espacio y nadie llega a ellos. Los de la última hora no se cuentan: pueden "
            "estar guardándose."
        ),
        remedy=gettext_lazy("Repárelos: se eliminan del almacenamiento."),
        find=files_without_row,
        in_order=False,
        listed="",
        mend=Mend(
            title=gettext_lazy("Se elimina el archivo del almacenamiento."),
            apply=delete_files,
            deletes=True,
            whole=False,
        ),
    )
)
