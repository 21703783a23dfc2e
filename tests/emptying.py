"""After a test that really commits: what it wrote goes, what ``migrate`` made stays.

Django's own way truncates every table and then makes all types and permissions anew; most of the
suite's time went there. Here only the tables that have rows are emptied.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import Count, Max
from django.test import TransactionTestCase

from callcentersite.apps.audit import guarding
from callcentersite.apps.audit.models import AuditHead

AUDIT = AuditHead._meta.db_table
Facts = dict[str, int | None]
KEPT = {model._meta.db_table: model for model in (Permission, ContentType)}
_tables: dict[str, list[str]] = {}
_as_migrated: dict[str, dict[str, Facts]] = {}


def remember(test: type[TransactionTestCase]) -> None:
    """Before the first test of each database: its tables, and the rows that stay."""
    for alias in aliases(test):
        if alias not in _tables:
            _tables[alias] = connections[alias].introspection.django_table_names(only_existing=True)
            _as_migrated[alias] = kept_rows(alias)


def empty(test: TransactionTestCase) -> None:
    """After each test."""
    for alias in aliases(test):
        delete_rows(alias)
        delete_newer(alias)
        if kept_rows(alias) != _as_migrated[alias]:
            flush(alias)


def number_on(test: type[TransactionTestCase]) -> None:
    """After the sequences began anew: those of the rows that stay go on behind them."""
    for alias in aliases(test):
        models = [model for table, model in KEPT.items() if table in _tables[alias]]
        with connections[alias].cursor() as cursor:
            for statement in connections[alias].ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)


def aliases(test: type[TransactionTestCase] | TransactionTestCase) -> list[str]:
    """The databases that the test may write to."""
    return list(test._databases_names(include_mirrors=False))


def kept_rows(alias: str) -> dict[str, Facts]:
    """How many types and permissions there are, and the last of them."""
    return {
        table: model._default_manager.using(alias).aggregate(rows=Count("pk"), last=Max("pk"))
        for table, model in KEPT.items()
        if table in _tables[alias]
    }


def delete_newer(alias: str) -> None:
    """The permissions of a test's own operations."""
    for table, kept in _as_migrated[alias].items():
        with connections[alias].cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id > %s", [kept["last"] or 0])
            if cursor.rowcount > 0:
                ContentType.objects.clear_cache()


def delete_rows(alias: str) -> None:
    """Of every table that has some; keys between them are only looked at when it commits."""
    quote = connections[alias].ops.quote_name
    with permitted(alias), connections[alias].cursor() as cursor:
        for table in tables_with_rows(alias):
            cursor.execute(f"DELETE FROM {quote(table)}")
    if AUDIT in _tables[alias]:
        AuditHead.objects.using(alias).create(pk=AuditHead.ONLY)


def permitted(alias: str) -> AbstractContextManager[Any]:
    """The one deletion that the audit's tables let pass; in one transaction."""
    if AUDIT in _tables[alias]:
        return guarding.pruned_by_retention(alias)
    return transaction.atomic(using=alias)


def tables_with_rows(alias: str) -> list[str]:
    """One question for all of them."""
    tables = sorted(set(_tables[alias]) - set(KEPT))
    quote = connections[alias].ops.quote_name
    asked = [
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {quote(table)})"
        for number, table in enumerate(tables)
    ]
    if not asked:
        return []
    with connections[alias].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [tables[number] for (number,) in cursor.fetchall()]


def flush(alias: str) -> None:
    """As Django would: a test has changed what should stay."""
    with permitted(alias):
        call_command("flush", verbosity=0, interactive=False, database=alias)
    _as_migrated[alias] = kept_rows(alias)
