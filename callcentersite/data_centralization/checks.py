"""Targets that could not be cleaned up safely or quickly, refused before anything starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models import Model
from django.utils.translation import gettext as _

from . import targets


@register(Tags.models)
def check_targets(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every registered target."""
    return [
        Error(text, hint=hint, id=f"data_centralization.{code}")
        for target in targets.everything()
        for code, text, hint in problems(target)
    ]


def problems(target: targets.Target) -> Iterator[tuple[str, str, str]]:
    """Code, sentence, way out."""
    model = target.get_model()
    if target.age not in indexed_columns(model):
        yield (
            "E001",
            _("«%(name)s»: la columna %(column)s no tiene índice: cada plan leería toda la tabla.")
            % {"name": target.name, "column": target.age},
            _("Agregue un índice que empiece por esa columna."),
        )
    if listeners(model) - target.covers:
        yield (
            "E002",
            _("«%(name)s»: una señal espera cada fila eliminada, y aquí van por conjuntos.")
            % {"name": target.name},
            _("Use los avisos del destino (removed, privileged) en lugar de señales."),
        )
    if targets.ANONYMISE in target.actions and not (target.blanked and target.stamp):
        yield (
            "E003",
            _("«%(name)s»: para anonimizar hacen falta columnas que vaciar y una fecha.")
            % {"name": target.name},
            _("Declare blanked y stamp."),
        )


def indexed_columns(model: type[Model]) -> set[str]:
    """Fields with which an index begins."""
    fields = model._meta.concrete_fields
    single = {field.name for field in fields if getattr(field, "db_index", False) or field.unique}
    return single | {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}


def listeners(model: type[Model]) -> set[Any]:
    """Who would have to hear of each row, by ``dispatch_uid`` where there is one."""
    from django.db.models.signals import post_delete, pre_delete

    concerned = {id(model), id(None)}
    keys = [key for signal in (pre_delete, post_delete) for key, *_rest in signal.receivers]
    return {name for name, sender in keys if sender in concerned}
