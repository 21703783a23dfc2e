"""The database's own refusal: triggers that let nobody change or delete what was written down.

``pruned_by_retention`` is the one privileged path. On PostgreSQL it is a setting of the
transaction; on SQLite one row that opens and closes within it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from .models import AuditCheckpoint, AuditHead, AuditLog

KEPT_TABLES = ("audit_logs", "audit_checkpoints", "audit_head")
SETTING = "audit.pruning"

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP <> 'UPDATE' AND current_setting('{SETTING}', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $body$;
CREATE OR REPLACE FUNCTION audit_only_forward() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF NEW.last_id > OLD.last_id THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_head only goes forward' USING ERRCODE = 'insufficient_privilege';
END $body$;
CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_append_only BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_only_forward BEFORE UPDATE ON audit_head
  FOR EACH ROW EXECUTE FUNCTION audit_only_forward();
CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE ON audit_pending
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


def install(connection: Any) -> None:
    """Put the triggers in their places; does no harm where they are."""
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def statements(vendor: str) -> Iterator[str]:
    """What makes them, on that database."""
    if vendor == "postgresql":
        yield POSTGRESQL
        return
    yield "CREATE TABLE IF NOT EXISTS audit_guard (open integer NOT NULL)"
    yield "INSERT INTO audit_guard (open) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM audit_guard)"
    for table in KEPT_TABLES:
        shut = "WHEN (SELECT open FROM audit_guard) IS NOT 1"
        yield refusal(table, "DELETE", shut)
    for table in ("audit_logs", "audit_checkpoints", "audit_pending"):
        yield refusal(table, "UPDATE")
    yield refusal("audit_head", "UPDATE", "WHEN NEW.last_id <= OLD.last_id")
    # INSERT OR REPLACE deletes without firing the trigger on DELETE.
    for table in KEPT_TABLES:
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        yield refusal(table, "INSERT", there)


def refusal(table: str, verb: str, condition: str = "") -> str:
    """A trigger of SQLite that says no."""
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"{condition} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


@contextmanager
def pruned_by_retention(using: str) -> Iterator[Any]:
    """A cursor that may delete, in a transaction of its own or a part of the caller's."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        switch(cursor, connections[using].vendor, on=True)
        yield cursor
        switch(cursor, connections[using].vendor, on=False)


def switch(cursor: Any, vendor: str, *, on: bool) -> None:
    """Open or close the privileged path."""
    if vendor == "postgresql":
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, "on" if on else "off"])
    else:
        cursor.execute("UPDATE audit_guard SET open = %s", [int(on)])


def after_migrate(using: str, **kwargs: Any) -> None:
    """Migrations remake SQLite's tables without their triggers; and an empty chain begins."""
    connection = connections[using]
    if AuditHead._meta.db_table not in connection.introspection.table_names():
        return
    if connection.vendor == "sqlite":
        install(connection)
    empty = not AuditLog.objects.using(using).exists()
    if empty and not AuditCheckpoint.objects.using(using).exists():
        AuditHead.objects.using(using).get_or_create(pk=AuditHead.ONLY)
