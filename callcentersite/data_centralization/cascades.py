"""What would go along with a row, by the models' foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import CASCADE, DO_NOTHING, Model
from django.utils.translation import gettext as _

from opsconsole import OperationError

from .targets import Target


def outside(target: Target) -> list[str]:
    """Tables that hang on the target's and that it does not name: ``app.model``."""
    return [label(one.related_model) for one in relations(target) if not is_carried(one, target)]


def relations(target: Target) -> Iterator[Any]:
    """Foreign keys that point at the target's model and do more than be left alone."""
    for relation in target.get_model()._meta.related_objects:
        if relation.on_delete is not DO_NOTHING:
            yield relation


def is_carried(relation: Any, target: Target) -> bool:
    return label(relation.related_model) in target.carries


def label(model: type[Model]) -> str:
    return str(model._meta.label)


def carried(target: Target) -> list[Any]:
    """Relations whose rows are deleted before the target's own."""
    return [
        one for one in relations(target) if is_carried(one, target) and one.on_delete is CASCADE
    ]


def require_none(target: Target) -> None:
    """Raise OperationError where something would cascade that the plan does not show."""
    found = outside(target)
    if found:
        raise OperationError(
            _("No se elimina nada de %(table)s: arrastraría filas fuera del plan.")
            % {"table": target.name},
            cause=_("Dependen de ella: %(tables)s.") % {"tables": ", ".join(found)},
            remedy=_("Quien mantiene la tabla debe decir qué pasa con ellas."),
        )
