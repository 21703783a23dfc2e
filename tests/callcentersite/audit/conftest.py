"""A chain of a few entries, and somebody who reaches around the application."""

import pytest
from django.db import connection

from callcentersite.apps.audit import guarding, services
from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.audit.services import Action, Target


@pytest.fixture
def write(db):
    """Append entries about settings: ``write(3)``; return all there are, in their order."""

    def write(count=1, **said):
        for number in range(count):
            key = f"sistema.clave_{number}"
            services.note(Action.SETTING_CHANGED, Target(kind="x", number=key, name=key), **said)
        return entries()

    return write


def entries():
    """The chain as it stands."""
    return list(AuditLog.objects.order_by("pk"))


def said(**conditions):
    """Action, person, target and result of the entries, in their order."""
    rows = AuditLog.objects.filter(**conditions).order_by("pk")
    return list(rows.values_list("action", "actor", "target", "result"))


@pytest.fixture
def tamper(db):
    """Run SQL as the owner of the database, who can switch the triggers off."""

    def tamper(sql, *params):
        tables = (*guarding.KEPT_TABLES, "audit_pending")
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in tables:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(sql, params)
            if connection.vendor == "postgresql":
                for table in tables:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        guarding.install(connection)

    return tamper
