"""Rows whose saves and deletions stand or fall with what is written down about them."""

from __future__ import annotations

from typing import Any

from django.db import models, router, transaction


class WrittenWhole(models.Model):
    """Its signals run in the transaction of the write: where one fails, nothing happened."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """All of it or nothing."""
        with transaction.atomic(using=self._written_to(kwargs)):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """All of it or nothing."""
        with transaction.atomic(using=self._written_to(kwargs)):
            return super().delete(*args, **kwargs)

    def _written_to(self, kwargs: dict[str, Any]) -> str:
        return kwargs.get("using") or router.db_for_write(type(self), instance=self)
