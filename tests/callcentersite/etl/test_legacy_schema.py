"""The legacy tables: as the IVR has them, on both databases."""

from callcentersite.apps.etl.legacy_schema import TABLES, create_tables, drop_tables, statements

COLUMNS = {
    "ivr_queues": ["queue_code", "name", "segment", "sla_seconds", "active"],
    "ivr_agents": ["agent_code", "name", "team", "active"],
    "ivr_calls": [
        "call_id", "ani", "dnis", "queue_code", "agent_code", "started_at", "answered_at",
        "ended_at", "duration_s", "wait_s", "disposition", "menu_path", "language",
        "customer_id", "recording_file", "notes", "updated_at",
    ],
}  # fmt: skip


def columns(connection, table):
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in description]


def constraints(connection, table):
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, table)


def test_the_tables_have_the_columns_of_the_ivr(legacy):
    assert {table: columns(legacy, table) for table in TABLES} == COLUMNS


def test_calls_are_indexed_by_the_moment_of_their_last_change(legacy):
    index = constraints(legacy, "ivr_calls")["ix_updated"]

    assert index["columns"] == ["updated_at", "call_id"]
    assert index["unique"] is False


def test_creating_again_keeps_what_is_there(legacy, legacy_calls):
    legacy_calls({})

    create_tables(legacy)

    with legacy.cursor() as cursor:
        cursor.execute("SELECT call_id FROM ivr_calls")
        assert list(cursor.fetchall()) == [(1,)]


def test_dropping_leaves_none_of_the_three(legacy):
    drop_tables(legacy)

    assert set(legacy.introspection.table_names()) & set(TABLES) == set()


def test_mariadb_runs_the_ddl_of_the_ivr_word_for_word():
    assert statements("mysql")[0].endswith("ENGINE=InnoDB DEFAULT CHARSET=latin1")


def test_the_key_of_a_call_is_a_row_number_on_sqlite():
    """As INTEGER; a BIGINT key would be a second tree beside the table."""
    assert "call_id        INTEGER      NOT NULL PRIMARY KEY" in statements("sqlite")[2]
