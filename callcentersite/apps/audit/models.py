"""Who did what, to what, when, from where, with which result: a chain that only grows.

``AuditLog`` is the chain; its ``id`` is the position in it, without gaps. ``AuditPending`` holds
what a transaction says until it is committed and takes its place in the chain. ``AuditHead`` is
where the chain ends, so that a tail cut off is noticed. An ``AuditCheckpoint`` is where it begins
since its old part was pruned.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .domain import verification
from .domain.chain import GENESIS, Link
from .querysets import AppendOnlyModel
from .vocabulary import Action, Result, Source

# What an entry says, in the order in which it is signed. Never change it: old entries would fail.
SAID = (
    "happened_at", "actor", "actor_id", "action", "target_type", "target_id", "target", "result",
    "reason", "source", "place", "address", "detail", "once",
)  # fmt: skip
CHAINED = ("id", "key_id", "previous", "hash")


class Said(models.Model):
    """All that an entry says. A person is a name and a number: the entry outlives the account."""

    happened_at = models.DateTimeField(_("cuándo"))
    actor = models.CharField(_("quién"), max_length=150, blank=True)
    actor_id = models.CharField(_("número de cuenta"), max_length=64, blank=True)
    action = models.CharField(_("qué"), max_length=40, choices=Action.choices)
    target_type = models.CharField(_("clase de objeto"), max_length=100, blank=True)
    target_id = models.CharField(_("número del objeto"), max_length=100, blank=True)
    target = models.CharField(_("a qué o a quién"), max_length=200, blank=True)
    result = models.CharField(_("resultado"), max_length=10, choices=Result.choices)
    reason = models.CharField(_("motivo"), max_length=500, blank=True)
    source = models.CharField(_("desde"), max_length=10, choices=Source.choices)
    place = models.CharField(_("lugar"), max_length=200, blank=True)
    address = models.CharField(_("dirección"), max_length=45, blank=True)
    # JSON as canonical text: both databases give back the very letters that were signed.
    detail = models.TextField(_("detalle"), default="{}")
    # What may be said twice and is written once, such as the ending of a run; empty: anything else.
    once = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        abstract = True

    def said(self) -> tuple[str, ...]:
        """As it is signed."""
        return as_signed(tuple(getattr(self, name) for name in SAID))


def as_signed(values: tuple[Any, ...]) -> tuple[str, ...]:
    """The values of ``SAID`` as texts: the moment in UTC to the microsecond."""
    moment, *rest = values
    return (moment.astimezone(UTC).isoformat(timespec="microseconds"), *rest)


class AuditLog(Said, AppendOnlyModel):
    """An entry in its place."""

    id = models.BigIntegerField(_("posición"), primary_key=True)
    key_id = models.CharField(_("clave"), max_length=8)
    previous = models.CharField(_("huella anterior"), max_length=64)
    hash = models.CharField(_("huella"), max_length=64)

    class Meta(AppendOnlyModel.Meta):
        db_table = "audit_logs"
        ordering = ["-id"]
        verbose_name = _("entrada de auditoría")
        verbose_name_plural = _("entradas de auditoría")
        default_permissions = ("view",)
        permissions = [("export_auditlog", _("Puede exportar la auditoría"))]
        constraints = [
            models.CheckConstraint(condition=Q(id__gt=0), name="audit_position"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="audit_result"),
            models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="audit_said_once"),
        ]
        indexes = [
            models.Index(fields=["happened_at"], name="audit_happened_at"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            models.Index(fields=["result", "-id"], name="audit_result"),
            models.Index(fields=["target_id", "-id"], name="audit_target_id"),
            models.Index(fields=["target", "-id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_action_display()}"

    def entry(self) -> verification.Entry:
        """As the verifier reads it."""
        return verification.Entry(self.pk, self.key_id, self.previous, self.hash, self.said())

    def link(self) -> Link:
        """As the next entry knows it."""
        return Link(position=self.pk, hash=self.hash)


class AuditPending(Said):
    """An entry that commits, or vanishes, with the change that it tells of; chained just after."""

    class Meta:
        db_table = "audit_pending"
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_action_display()


class AuditHead(models.Model):
    """The last entry: one row, and the lock behind which appends queue."""

    ONLY = 1

    last_id = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        db_table = "audit_head"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return str(self.link())

    def link(self) -> Link:
        """The end of the chain."""
        return Link(position=self.last_id, hash=self.last_hash)


class AuditCheckpoint(AppendOnlyModel):
    """A part of the chain that was pruned: from where to where, when, by whom; signed."""

    first_id = models.BigIntegerField(_("desde la posición"), unique=True)
    last_id = models.BigIntegerField(_("hasta la posición"), unique=True)
    last_hash = models.CharField(_("última huella"), max_length=64)
    count = models.BigIntegerField(_("entradas"))
    pruned_at = models.DateTimeField(_("cuándo"))
    person = models.CharField(_("quién"), max_length=150, blank=True)
    archive = models.CharField(_("archivo"), max_length=300, blank=True)
    key_id = models.CharField(max_length=8)
    seal = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        db_table = "audit_checkpoints"
        ordering = ["-last_id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(last_id__gte=models.F("first_id")), name="audit_checkpoint_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id}"

    def link(self) -> Link:
        """What the first entry that is left is tied to."""
        return Link(position=self.last_id, hash=self.last_hash)
