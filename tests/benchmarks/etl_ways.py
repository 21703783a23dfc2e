"""The ways to bring the legacy calls to PostgreSQL that the ETL is compared with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import MySQLdb
import psycopg

from tests.servers import MariaDB, PostgreSQL

ROOT = Path(__file__).resolve().parents[2]

PIPE_TABLE = """
DROP TABLE IF EXISTS pipe;
CREATE TABLE pipe (call_id bigint PRIMARY KEY, ani text, dnis text, queue_code text,
    agent_code text, started_at timestamp, answered_at timestamp, ended_at timestamp,
    duration_s int, wait_s int, disposition text, menu_path text, language text,
    customer_id bigint, recording_file text, notes text, updated_at timestamp);
CREATE INDEX pipe_started_at ON pipe (started_at);
"""
# Zero dates, NUL and bare carriage returns break a COPY: without this no pipe would come through.
PIPE_QUERY = """
SELECT call_id, ani, dnis, queue_code, agent_code, NULLIF(started_at, 0), NULLIF(answered_at, 0),
    NULLIF(ended_at, 0), duration_s, wait_s, disposition, menu_path, language, customer_id,
    recording_file, REPLACE(REPLACE(notes, CHAR(0), ''), CHAR(13), ''),
    NULLIF(updated_at, 0) FROM ivr_calls
"""
PGLOADER = """
LOAD DATABASE FROM mysql://{mysql} INTO postgresql://{user}@unix:{folder}:{port}/{database}
WITH include drop, create tables, create indexes, reset no sequences
SET work_mem TO '64MB'
INCLUDING ONLY TABLE NAMES MATCHING 'ivr_calls'
CAST type datetime to timestamp drop default drop not null using zero-dates-to-null;
"""
ETL_TABLES = "calls, call_rejections, daily_metrics, stale_days, etl_watermarks, queues, agents"


@dataclass(kw_only=True)
class Bench:
    """The two servers, and everything that is measured on them."""

    pg: PostgreSQL
    my: MariaDB
    took: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def note(self, way: str, figures: dict[str, Any]) -> None:
        """Keep a measurement, and show it: a benchmark that is silent for minutes looks dead."""
        self.took.setdefault(way, []).append(figures)
        shown = " ".join(f"{name}={value:,.6g}" for name, value in figures.items())
        print(f"  {way:<28} {shown}", flush=True)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a child that works on these servers."""
        urls = {"TEST_DATABASE_URL": self.pg.url, "TEST_LEGACY_DATABASE_URL": self.my.url}
        settings = {"DJANGO_SETTINGS_MODULE": "callcentersite.settings.test"}
        return os.environ | urls | settings

    def child(
        self, module: str, *options: str, env: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """What a measuring module prints of itself."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.{module}", *options],
            env=env or self.env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *command: str, env: dict[str, str] | None = None) -> None:
        """A management command, unmeasured."""
        subprocess.run(
            [sys.executable, "manage.py", *command],
            env=env or self.env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def postgres(self, statement: str) -> Any:
        """Run something on PostgreSQL; return its first value, if it has one."""
        with psycopg.connect(self.pg.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def mariadb(self, statement: str) -> int:
        """Run something on MariaDB; return how many rows it changed."""
        connection = MySQLdb.connect(
            host=self.my.host, port=self.my.port, user=self.my.user,
            passwd=self.my.password, db=self.my.database,
        )  # fmt: skip
        with connection.cursor() as cursor:
            changed = cursor.execute(statement)
        connection.commit()
        connection.close()
        return int(changed)

    # The ways

    def etl(self, way: str, *options: str) -> None:
        """A run of ours, with the WAL that it wrote."""
        before = self.postgres("SELECT pg_current_wal_lsn()::text")
        figures = self.child("etl_child", *options)
        wal = self.postgres(f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{before}')::bigint")
        self.note(way, figures | {"wal_mb": wal / 1e6})

    def pipe(self) -> None:
        """``mariadb --quick | psql \\copy`` into a logged table with its two indexes."""
        self.postgres(PIPE_TABLE)
        self.settle()
        mysql = [
            "mariadb", "--no-defaults", "-h", self.my.host, "-P", str(self.my.port),
            "-u", self.my.user, "--quick", "--batch", "--skip-column-names",
            "--default-character-set=utf8mb4",            self.my.database, "-e", PIPE_QUERY,
        ]  # fmt: skip
        psql = ["psql", "-q", self.pg.url, "-c", r"\copy pipe FROM STDIN WITH (NULL 'NULL')"]
        began = time.perf_counter()
        reader = subprocess.Popen(
            mysql, stdout=subprocess.PIPE, env=os.environ | {"MYSQL_PWD": self.my.password}
        )
        subprocess.run(psql, stdin=reader.stdout, check=True)
        if reader.wait():
            raise RuntimeError("the pipe's reader failed")
        self.note("indexed pipe", {"seconds": time.perf_counter() - began})

    def pgloader(self) -> None:
        """pgloader, as Debian has it: no rules, no upsert."""
        self.settle()
        script = self.pg.folder / "calls.load"
        script.write_text(
            PGLOADER.format(
                mysql=self.my.url.partition("://")[2],
                user=self.pg.user,
                folder=self.pg.folder,
                port=self.pg.port,
                database=self.pg.database,
            )
        )
        began = time.perf_counter()
        done = subprocess.run(
            ["pgloader", "--root-dir", str(self.pg.folder / "pgloader"), str(script)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        loaded = self.postgres(f"SELECT COUNT(*) FROM {self.my.database}.ivr_calls")
        if done.returncode or not loaded:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        self.note("pgloader", {"seconds": seconds, "read": loaded})
        self.postgres(f"DROP SCHEMA {self.my.database} CASCADE")

    def forget(self) -> None:
        """An analytics database as before the first load."""
        self.postgres(f"TRUNCATE {ETL_TABLES}")
        self.settle()

    def settle(self) -> None:
        """Before a load into an empty table: nobody pays for what the way before left behind.

        Not before runs that follow a load: the first touch of a page after a checkpoint is logged
        whole (130 MB for 1 % of the rows), which says more of the server than of the run.
        """
        for statement in ("VACUUM (ANALYZE)", "CHECKPOINT"):
            self.postgres(statement)
