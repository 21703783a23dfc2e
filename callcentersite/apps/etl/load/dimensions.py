"""Queues and agents: few rows, compared here, written only where they differ."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from callcentersite.apps.analytics.daily import mark_queue_stale
from callcentersite.apps.analytics.models import Agent, Queue

LegacyRows = Iterable[tuple[Any, ...]]


def refresh_queues(rows: LegacyRows, *, using: str = "default") -> int:
    """Bring ``Queue`` in line with ``ivr_queues``; return how many rows were written.

    A queue that is gone stays as inactive, because calls still name it. A new service level
    makes every day of its queue stale.
    """
    known = {queue.code: queue for queue in Queue.objects.using(using)}
    fresh = {queue.code: queue for queue in map(_queue, rows)}
    for code in known.keys() - fresh.keys():
        fresh[code] = Queue(**{**_values(known[code]), "code": code, "active": False})
    redefined = [
        code
        for code in known.keys() & fresh.keys()
        if known[code].sla_seconds != fresh[code].sla_seconds
    ]
    mark_queue_stale(redefined, using=using)
    return _write(Queue, known=known, fresh=fresh, using=using)


def refresh_agents(rows: LegacyRows, *, using: str = "default") -> int:
    """Bring ``Agent`` in line with ``ivr_agents``; return how many rows were written."""
    known = {agent.code: agent for agent in Agent.objects.using(using)}
    fresh = {agent.code: agent for agent in map(_agent, rows)}
    for code in known.keys() - fresh.keys():
        fresh[code] = Agent(**{**_values(known[code]), "code": code, "active": False})
    return _write(Agent, known=known, fresh=fresh, using=using)


def sla_of(rows: LegacyRows) -> dict[str, int]:
    """The service level of each queue, in seconds, by its code."""
    return {queue.code: queue.sla_seconds for queue in map(_queue, rows)}


def _write(
    model: type[models.Model], *, known: dict[str, Any], fresh: dict[str, Any], using: str
) -> int:
    new = [row for code, row in fresh.items() if code not in known]
    changed = [
        row for code, row in fresh.items() if code in known and _values(row) != _values(known[code])
    ]
    manager: Callable[..., Any] = model._default_manager.using
    manager(using).bulk_create(new)
    if changed:
        manager(using).bulk_update(changed, list(_values(changed[0])), batch_size=200)
    return len(new) + len(changed)


def _values(row: models.Model) -> dict[str, Any]:
    """The row's columns without its key."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def _queue(row: tuple[Any, ...]) -> Queue:
    code, name, segment, sla_seconds, active = row
    return Queue(
        code=code.strip().upper(),
        name=name or "",
        segment=segment or "",
        sla_seconds=int(sla_seconds or 0),
        active=_is_true(active),
    )


def _agent(row: tuple[Any, ...]) -> Agent:
    code, name, team, active = row
    return Agent(code=code.strip(), name=name or "", team=team, active=_is_true(active))


def _is_true(value: str | None) -> bool:
    return value not in (None, "", "0")
