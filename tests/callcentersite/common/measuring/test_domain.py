"""What is decided without a database: shapes of statements, numbers, stacks, comparisons."""

import pytest

from callcentersite.apps.common.measuring.domain import comparison, flame
from callcentersite.apps.common.measuring.domain.frames import Folder, Frame
from callcentersite.apps.common.measuring.domain.numbers import median, percentile
from callcentersite.apps.common.measuring.domain.report import (
    Finding,
    FlameFrame,
    FlameStack,
    FunctionRow,
    QueryRow,
    Report,
    Subject,
    report_of,
)
from callcentersite.apps.common.measuring.domain.sql import fingerprint, leaves_transaction
from callcentersite.apps.common.measuring.domain.stacks import Samples, own_seconds

SITE = Folder(root="/srv/console")
DJANGO = "/srv/console/.venv/lib/python3.11/site-packages/django/"
SUBJECT = Subject(kind="endpoint", target="/x/", method="GET")


@pytest.mark.parametrize(
    ("sql", "shape"),
    [
        ('SELECT "a" FROM t WHERE id = 17', 'SELECT "a" FROM t WHERE id = ?'),
        ("SELECT * FROM t WHERE id = %s AND n = 'it''s'", "SELECT * FROM t WHERE id = ? AND n = ?"),
        ("SELECT * FROM t WHERE id IN (%s, %s, %s)", "SELECT * FROM t WHERE id IN (?+)"),
        ("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "INSERT INTO t VALUES (?+)"),
        ('SELECT "t1"."col2" FROM t1', 'SELECT "t1"."col2" FROM t1'),
        ("SELECT 1 -- 5512345678", "SELECT ?"),
        ('SAVEPOINT "s123_x4"', "SAVEPOINT"),
    ],
)
def test_statements_that_differ_in_their_values_have_one_shape(sql, shape):
    assert fingerprint(sql) == shape


@pytest.mark.parametrize(
    "sql",
    [
        "COMMIT",
        "commit;",
        "SELECT 1; COMMIT",
        "SELECT '-- '; COMMIT",
        "-- it's\nCOMMIT -- it's",
        "ROLLBACK",
        "BEGIN",
        "VACUUM",
        "/* */ END",
        "SET autocommit=1",
        "SELECT * FROM t INTO OUTFILE '/tmp/x'",
        "COPY t TO '/tmp/x'",
        "COPY (SELECT 1) TO PROGRAM 'sh'",
    ],
)
def test_what_ends_a_transaction_or_steps_out_of_it_is_known(sql):
    assert leaves_transaction(sql)


def test_mariadb_commits_before_it_changes_a_table():
    assert leaves_transaction("TRUNCATE TABLE t", vendor="mysql")
    assert not leaves_transaction("TRUNCATE TABLE t", vendor="postgresql")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'COMMIT'",
        'ROLLBACK TO SAVEPOINT "s1"',
        "SAVEPOINT s1",
        "UPDATE t SET a = '; COMMIT'",
        "/* it's */ SELECT '; COMMIT'",
        "COPY t FROM STDIN",
    ],
)
def test_and_what_does_not(sql):
    assert not leaves_transaction(sql)


def test_numbers_of_many_and_of_none():
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 95) == 95.0
    assert percentile([7.0], 95) == 7.0
    assert (median([]), percentile([], 95)) == (0.0, 0.0)


def test_a_librarys_time_counts_for_the_line_that_asked_for_it():
    view = Frame("view", "/srv/console/site/views.py", 3)
    query = Frame("_fetch_all", f"{DJANGO}db/models/query.py", 9)
    execute = Frame("execute", f"{DJANGO}db/backends/utils.py", 1)
    samples = Samples.of([((view, query), 2.0), ((view, query, execute), 1.0)])

    own = {one.name: seconds for one, seconds in own_seconds(samples, SITE).items()}

    assert own == {"site.views.view": 2.0, "django.db.backends.execute": 1.0}


def test_a_middleware_of_ours_is_not_blamed_for_the_ones_within():
    ours = Frame("__call__", "/srv/console/site/ours.py", 3)
    between = Frame("inner", f"{DJANGO}core/handlers/exception.py", 3)
    theirs = Frame("process_response", f"{DJANGO}contrib/sessions/middleware.py", 3)
    samples = Samples.of([((ours, between, theirs), 1.0)])

    (one,) = own_seconds(samples, SITE)

    assert one.name == "django.contrib.sessions.middleware.process_response"


def report(*, ms, functions=(), queries=(), findings=(), also_called=()):
    return Report(
        subject=SUBJECT,
        durations_ms=(ms,),
        functions=tuple(
            FunctionRow(
                name=name,
                place=f"{name}.py:1",
                owner="project",
                calls=1,
                own_ms=own,
                whole_ms=own,
                share=0,
            )
            for name, own in functions
        ),
        queries=tuple(
            QueryRow(alias="default", sql=sql, calls=calls, total_ms=1, slowest_ms=1)
            for sql, calls in queries
        ),
        findings=tuple(findings),
        called=tuple(f"{name}.py:{name}" for name in (*dict(functions), *also_called)),
    )


def test_a_comparison_tells_what_is_new_gone_and_slower():
    moved = Finding(kind="n_plus_one", place="a.py:1", sql="SELECT 1")
    before = report(ms=100, functions=[("a", 60), ("b", 40)], queries=[("q", 1)], findings=[moved])
    again = Finding(kind="n_plus_one", place="a.py:9", sql="SELECT 1")
    now = report(ms=150, functions=[("a", 60), ("c", 90)], queries=[("q", 3)], findings=[again])

    found = comparison.compare(before, now)

    assert found.slower == pytest.approx(0.5)
    assert [(one.name, one.is_new, one.is_gone) for one in found.functions] == [
        ("c", True, False), ("b", False, True), ("a", False, False),
    ]  # fmt: skip
    assert [(one.name, one.before, one.now) for one in found.queries] == [("default: q", 1, 3)]
    assert (found.found, found.mended) == ((), ())


def test_a_function_that_took_too_little_for_a_row_is_not_gone():
    before = report(ms=100, functions=[("a", 99), ("b", 1)])
    now = report(ms=100, functions=[("a", 100)], also_called=["b"])

    (_a, b) = comparison.compare(before, now).functions

    assert (b.name, b.before, b.now, b.is_gone) == ("b", 1, 0, False)


def test_boxes_lie_below_the_one_that_called_them():
    frames = tuple(FlameFrame(name=name, place="", owner="project") for name in "abc")
    stacks = (FlameStack(frames=(0, 1), ms=30), FlameStack(frames=(0, 2), ms=70))
    drawn = flame.boxes(Report(subject=SUBJECT, durations_ms=(100,), frames=frames, stacks=stacks))

    assert [(box.frame.name, box.depth, box.left, box.width) for box in drawn] == [
        ("a", 0, 0.0, 1.0), ("c", 1, 0.0, 0.7), ("b", 1, 0.7, 0.3),
    ]  # fmt: skip


def test_a_report_is_read_as_it_was_written():
    written = report(ms=1.5, functions=[("a", 1)], findings=[Finding(kind="cache", function="a")])

    assert report_of(written.as_json()) == written
    with pytest.raises(ValueError, match="version"):
        report_of({"version": 99})
