"""No way around the chain: only ``appending`` and ``pruning`` write its tables."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from opsconsole import OperationError


class AppendOnly(OperationError):
    """Somebody tried to change what was written down, or to write around the chain."""

    def __init__(self) -> None:
        super().__init__(
            _("La auditoría no se edita ni se borra."),
            cause=_("Cada entrada está encadenada a la anterior."),
            remedy=_("Se agrega con audit.services.record; se depura con audit.services.prune."),
        )


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads; every way of writing is refused."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly()

    update = delete = bulk_create = bulk_update = _refuse
    aupdate = adelete = abulk_create = abulk_update = _refuse
    _raw_delete = _refuse


def around(model: type[models.Model], using: str) -> models.QuerySet[Any]:
    """Django's plain queryset: for ``appending`` and ``pruning``, and nobody else."""
    rows: models.QuerySet[Any] = models.QuerySet(model, using=using)
    return rows


class AppendOnlyManager(models.Manager.from_queryset(AppendOnlyQuerySet)):  # type: ignore[misc]
    """``AuditLog.objects``."""


class AppendOnlyModel(models.Model):
    """A row that is written once, and not by ``save()``."""

    objects = AppendOnlyManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly()
