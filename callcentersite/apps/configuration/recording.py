"""Every write of a setting is checked before, and written down after.

On the signals, not in ``save()``: fixtures and cascades pass here too. Imports, which check and
write many rows at once, come by ``write_down_many``.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import router
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone

from callcentersite.apps.audit.services import Action as Audited
from callcentersite.apps.audit.services import Target, discreet, record
from callcentersite.apps.common import bulk
from callcentersite.apps.common.acting import current

from . import settings_cache
from .models import Configuracion, ConfiguracionChange
from .querysets import HistoryError

TRACKED = ("categoria", "clave", "tipo_dato", "unidad", "valor_default", "descripcion", "activa")
Fields = dict[str, Any]
Action = ConfiguracionChange.Action


@receiver(pre_save, sender=Configuracion)
def check_and_remember(instance: Configuracion, using: str, **kwargs: Any) -> None:
    """Refuse what may not be; keep what the row says now, locked until the end."""
    instance.full_clean(validate_unique=False, validate_constraints=False)
    manager = Configuracion.objects.using(using).select_for_update()
    before = manager.filter(pk=instance.pk).first() if instance.pk is not None else None
    instance._before = before  # type: ignore[attr-defined]


@receiver(post_save, sender=Configuracion)
def write_down_save(instance: Configuracion, created: bool, using: str, **kwargs: Any) -> None:
    """One row of history for a save that changed something."""
    before: Configuracion | None = instance.__dict__.pop("_before", None)
    after = instance
    if kwargs.get("update_fields") is not None:
        after = Configuracion.objects.using(using).get(pk=instance.pk)
    old, new = fields_of(before), fields_of(after)
    changed = {name: [old.get(name), new[name]] for name in TRACKED if old.get(name) != new[name]}
    settings_cache.changed(using)
    if created or changed or before is None or before.valor != after.valor:
        write_down(
            action=Action.CHANGED if before else Action.CREATED,
            clave=after.clave,
            old_valor=before.valor if before else None,
            new_valor=after.valor,
            other_fields=changed if before else {},
            using=using,
        )


@receiver(post_delete, sender=Configuracion)
def write_down_delete(instance: Configuracion, using: str, **kwargs: Any) -> None:
    """A deletion keeps all that is needed to make the row again."""
    settings_cache.changed(using)
    write_down(
        action=Action.DELETED,
        clave=instance.clave,
        old_valor=instance.valor,
        new_valor=None,
        other_fields={name: [value, None] for name, value in fields_of(instance).items()},
        using=using,
    )


@receiver(pre_save, sender=ConfiguracionChange)
def refuse_another_past(
    instance: ConfiguracionChange, raw: bool, using: str, **kwargs: Any
) -> None:
    """A fixture may bring back rows that are gone, or the same ones; it changes none."""
    if not raw:
        return
    known = ConfiguracionChange.objects.using(using).filter(pk=instance.pk).first()
    if known is None:
        return
    if values_of(known) != values_of(instance):
        raise HistoryError()
    instance.at = known.at


def write_down(*, using: str, **fields: Any) -> None:
    """One row, with who is at it."""
    actor = current()
    change = ConfiguracionChange(
        person=actor.person[:150],
        source=actor.source,
        detail=actor.detail[:100],
        at=timezone.now(),
        **fields,
    )
    change.save(using=using)
    said = audited(
        change.clave, change.action, change.old_valor, change.new_valor, change.other_fields
    )
    record(Audited.SETTING_CHANGED, target_of(change.clave), **said)


def target_of(clave: str) -> Target:
    """The setting, as the audit names it."""
    return Target(kind="configuration.configuracion", number=clave, name=clave)


def audited(clave: str, action: str, old: str | None, new: str | None, others: Fields) -> Fields:
    """What the audit tells of a change; the value of a key that names a secret stays unsaid."""
    key = clave.rpartition(".")[2]
    return {
        "kind": str(action),
        "old": discreet(old, key=key),
        "new": discreet(new, key=key),
        "others": sorted(others),
    }


def write_down_many(pairs: Sequence[tuple[Fields | None, Fields]], *, at: datetime) -> None:
    """A row for each pair of what an import found (None: nothing) and what it wrote.

    The values are those of a file, texts and ``true`` or ``false``.
    """
    actor, using = current(), router.db_for_write(ConfiguracionChange)
    settings_cache.changed(using)
    told = (actor.person[:150], actor.source, actor.detail[:100], at)
    bulk.insert(
        ConfiguracionChange,
        ("id", "clave", "action", "old_valor", "new_valor", "other_fields", "person", "source",
         "detail", "at"),
        (
            (key, *imported(before, after), *told)
            for key, (before, after) in zip(random_keys(len(pairs)), pairs, strict=True)
        ),
    )  # fmt: skip


def random_keys(count: int) -> Iterator[uuid.UUID]:
    """As uuid4() makes them, but the system is asked once for all."""
    chance = os.urandom(16 * count)
    for place in range(0, 16 * count, 16):
        yield uuid.UUID(bytes=chance[place : place + 16], version=4)


def imported(before: Fields | None, after: Fields) -> tuple[Any, ...]:
    """Key, action, the values and the other fields of a setting that came in a file."""
    if before is None:
        return after["clave"], Action.CREATED, None, after["valor"], {}
    changed = {
        name: [typed_flag(before[name]), typed_flag(after[name])]
        if name == "activa"
        else [before[name], after[name]]
        for name in TRACKED
        if before[name] != after[name]
    }
    return after["clave"], Action.CHANGED, before["valor"], after["valor"], changed


def typed_flag(text: str) -> bool:
    """A flag of a file as the row has it."""
    return text == "true"


def fields_of(row: Configuracion | None) -> Fields:
    """The fields that the history tells beside the value."""
    return {} if row is None else {name: getattr(row, name) for name in TRACKED}


def values_of(change: ConfiguracionChange) -> Fields:
    """Everything that a row of history says; fixtures write the time in milliseconds."""
    values = {field.attname: getattr(change, field.attname) for field in change._meta.fields}
    milliseconds = change.at.microsecond // 1_000 * 1_000
    return values | {"at": change.at.replace(microsecond=milliseconds)}
