"""Which database a model lives in.

``ops`` holds the engine's tables, django-q2's and Silk's; ``legacy`` is the IVR's and is never
migrated; everything else is ``default``. Where ``ops`` is only a second connection to the same
database, its tables are created through ``default``.
"""

from typing import Any

from django.conf import settings

OPS_APPS = frozenset({"opsconsole", "django_q", "django_cache", "silk"})


class AliasRouter:
    """Route by app label."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "ops" if model._meta.app_label in OPS_APPS else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return (one._meta.app_label in OPS_APPS) == (other._meta.app_label in OPS_APPS)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        if db not in ("default", "ops"):
            return False
        if settings.OPS_SHARES_DEFAULT:
            return db == "default"
        return (db == "ops") == (app_label in OPS_APPS)
