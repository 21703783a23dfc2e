"""What would go along with a row, by the models' foreign keys, however many of them in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import CASCADE, DO_NOTHING, Model
from django.db.models.deletion import get_candidate_relations_to_delete
from django.utils.translation import gettext as _

from opsconsole import OperationError

from .targets import Target


def outside(target: Target) -> list[str]:
    """Tables that hang on the target's and that it does not name: ``app.model``."""
    return [
        label(one.related_model) for _path, one in relations(target) if not carries(target, one)
    ]


def relations(target: Target) -> Iterator[tuple[str, Any]]:
    """Foreign keys that lead to the target's model, the farthest first, each with its path."""
    return below(target.get_model(), target, path="", trail=())


def below(
    model: type[Model], target: Target, *, path: str, trail: tuple[type[Model], ...]
) -> Iterator[tuple[str, Any]]:
    """Those that point at this model and do more than be left alone; then those at theirs."""
    candidates: Iterable[Any] = get_candidate_relations_to_delete(model._meta)
    for relation in candidates:
        if relation.on_delete is DO_NOTHING:
            continue
        here, child = f"{relation.field.name}{path}", relation.related_model
        goes = relation.on_delete is CASCADE and carries(target, relation)
        if goes and child is not model and child not in trail:
            yield from below(child, target, path=f"__{here}", trail=(*trail, model))
        yield here, relation


def carries(target: Target, relation: Any) -> bool:
    """Whether it may go: named, or the rows of a many-to-many field, which are nobody's own."""
    child = relation.related_model
    return bool(child._meta.auto_created) or label(child) in target.carries


def label(model: type[Model]) -> str:
    return str(model._meta.label)


def carried(target: Target) -> list[tuple[str, Any]]:
    """Relations whose rows are deleted before the target's own, in this order."""
    return [
        (path, one)
        for path, one in relations(target)
        if carries(target, one) and one.on_delete is CASCADE
    ]


def carried_names(target: Target) -> list[str]:
    """The models among them that people know."""
    return sorted(
        {
            label(one.related_model)
            for _path, one in carried(target)
            if not one.related_model._meta.auto_created
        }
    )


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
