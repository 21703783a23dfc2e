"""No way around the check and the history: bulk writes are made of single ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models, transaction
from django.db.models.expressions import BaseExpression, Combinable
from django.utils.translation import gettext_lazy as _

from opsconsole import OperationError

if TYPE_CHECKING:
    from .models import Configuracion


class HistoryError(OperationError):
    """Somebody tried to change what has happened."""

    def __init__(self) -> None:
        super().__init__(
            _("El historial de configuración no se edita ni se borra."),
            remedy=_("Para deshacer un cambio, reviértalo: queda otro renglón en el historial."),
        )


class ConfiguracionQuerySet(models.QuerySet["Configuracion"]):
    """Settings, written one by one: there are forty of them."""

    def update(self, **values: Any) -> int:
        """Save each row with the values: checked and written down, all or none."""
        for name, value in values.items():
            if isinstance(value, (BaseExpression, Combinable)):
                raise TypeError(
                    f"update({name}=…): una expresión no se puede validar ni anotar; "
                    "cambie cada configuración con save()."
                )
        with transaction.atomic(using=self.db):
            rows = list(self.select_for_update())
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save(using=self.db)
        return len(rows)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(
        self, objs: Iterable[Configuracion], *args: Any, **kwargs: Any
    ) -> list[Configuracion]:
        """Save each; options that leave rows out or overwrite them are not taken."""
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise TypeError("bulk_create: use update_or_create para cada configuración.")
        rows = list(objs)
        with transaction.atomic(using=self.db):
            for row in rows:
                row.save(force_insert=True, using=self.db)
        return rows

    def bulk_update(
        self, objs: Iterable[Configuracion], fields: Iterable[str], *args: Any, **kwargs: Any
    ) -> int:
        """Save the fields of each."""
        rows, names = list(objs), list(fields)
        with transaction.atomic(using=self.db):
            for row in rows:
                row.save(update_fields=names, using=self.db)
        return len(rows)


class ConfiguracionManager(models.Manager.from_queryset(ConfiguracionQuerySet)):  # type: ignore[misc]
    """``Configuracion.objects``."""

    def get_by_natural_key(self, clave: str) -> Configuracion:
        """For ``loaddata``."""
        found: Configuracion = self.get(clave=clave)
        return found


class ChangeQuerySet(models.QuerySet[Any]):
    """History: read and added to, one row at a time, by ``recording``."""

    def update(self, **values: Any) -> NoReturn:
        raise HistoryError()

    def delete(self) -> NoReturn:
        raise HistoryError()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryError()

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryError()


class ChangeManager(models.Manager.from_queryset(ChangeQuerySet)):  # type: ignore[misc]
    """``ConfiguracionChange.objects``."""
