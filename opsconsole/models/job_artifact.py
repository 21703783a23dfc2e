"""A file that a run left behind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .job_run import JobRun


def artifact_path(artifact: "JobArtifact", name: str) -> str:
    """Below one folder per run."""
    return f"runs/{artifact.run_id}/{name}"


class JobArtifact(models.Model):
    """A named file of a run, with its size and checksum."""

    run = models.ForeignKey(JobRun, models.CASCADE, related_name="artifacts", db_index=False)
    name = models.CharField(_("nombre"), max_length=200)
    content_type = models.CharField(_("tipo"), max_length=100)
    size_bytes = models.PositiveBigIntegerField(_("tamaño, en bytes"))
    sha256 = models.CharField(_("huella"), max_length=64)
    file = models.FileField(_("archivo"), upload_to=artifact_path, max_length=400)
    created_at = models.DateTimeField(_("creado"), auto_now_add=True)

    class Meta:
        verbose_name = _("archivo de una corrida")
        verbose_name_plural = _("archivos de las corridas")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="artifact_run_name")]

    def __str__(self) -> str:
        return self.name
