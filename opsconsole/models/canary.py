"""Proof that somebody takes things off the queue."""

from django.db import models
from django.db.models import Q

ONLY = 1


class Canary(models.Model):
    """The last song; one row, for nobody asks about the songs before it."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    born_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    sung_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=255, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(number=ONLY), name="canary_is_the_only_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sung_at or '–'}"
