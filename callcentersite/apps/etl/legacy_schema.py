"""The three tables of the IVR, for the databases that the IVR does not make itself.

``legacy/ivr_legacy.sql`` is the IVR's own DDL and the only description; MariaDB runs it as it
stands, for SQLite it is translated (the same columns and affinities, the same index).
"""

import re
from pathlib import Path
from typing import Any

DDL = Path(__file__).parent / "legacy" / "ivr_legacy.sql"
TABLES = ("ivr_queues", "ivr_agents", "ivr_calls")


def create_tables(connection: Any) -> None:
    """Create the tables that are missing in ``connection`` (MariaDB or SQLite); keep the others."""
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def drop_tables(connection: Any) -> None:
    """Drop the tables, with everything in them."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def statements(vendor: str) -> list[str]:
    """The DDL for a vendor (``mysql`` or ``sqlite``), repeatable."""
    script = re.sub(r"--.*", "", DDL.read_text(encoding="utf-8"))
    script = script.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ")
    created = [statement.strip() for statement in script.split(";") if statement.strip()]
    if vendor == "sqlite":
        return [part for statement in created for part in for_sqlite(statement)]
    return created


def for_sqlite(statement: str) -> list[str]:
    """The CREATE TABLE in SQLite's words, followed by its indexes."""
    table = re.search(r"IF NOT EXISTS (\w+)", statement)[1]  # type: ignore[index]
    statement = re.sub(r"\) ENGINE=.*$", ")", statement)
    # Only INTEGER makes the primary key the row's own number; the affinity is the same.
    statement = statement.replace("BIGINT ", "INTEGER")
    indexes = [
        f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({columns})"
        for name, columns in re.findall(r",\s*KEY (\w+) \(([^)]*)\)", statement)
    ]
    return [re.sub(r",\s*KEY \w+ \([^)]*\)", "", statement), *indexes]
