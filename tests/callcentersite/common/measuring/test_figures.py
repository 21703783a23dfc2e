"""The figures are true: calls, times, shares, queries."""

import re

import pytest

from callcentersite.apps.common.measuring.domain.wording import RULE, text

from . import planted

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
NAP = f"{planted.__name__}.nap"
ROW = re.compile(r"^(\S+)\s+(\d+|-)\s+(\d+\.\d)\s+(\d+\.\d)%$")


def test_calls_and_times_are_totals_over_the_iterations(call):
    report = call("naps", iterations=3)

    rows = {row.name: row for row in report.functions}
    assert rows[NAP].calls == 6
    # Shares are sampled: how near they come depends on what else the machine does.
    assert report.functions[0] == rows[NAP]
    assert rows[NAP].own_ms <= 1.01 * report.total_ms
    assert report.total_ms >= 6 * 20
    assert report.iterations == 3
    assert report.total_ms == pytest.approx(sum(report.durations_ms))
    assert min(report.durations_ms) <= report.median_ms <= report.p95_ms


def test_the_rows_add_up_to_the_total(call):
    report = call("naps", iterations=2)

    assert sum(row.share for row in report.functions) == pytest.approx(1, abs=0.01)
    assert sum(row.own_ms for row in report.functions) == pytest.approx(report.total_ms, rel=0.01)


def test_the_warm_up_is_not_measured(call):
    call("naps", iterations=2, seconds=0.001)

    # One to warm up, two each to time, sample and count, one to be watched.
    assert planted.CALLED == [0.001] * 8


def test_queries_are_counted_per_shape(look_at, memberships):
    report = look_at("/repite/", iterations=2)

    groups = [row for row in report.queries if 'FROM "grupos_permisos"' in row.sql]
    assert [(row.alias, row.calls) for row in groups] == [("default", 24)]
    assert "grupo_" not in text(report)
    assert report.answer == "200"


def test_the_database_has_a_row_of_its_own(look_at, memberships):
    report = look_at("/repite/", iterations=2)

    database = next(row for row in report.functions if row.name == "django.db.backends.execute")
    statements, savepoints = sum(row.calls for row in report.queries), 2 * 2 * report.iterations
    assert statements >= 26
    assert statements <= database.calls <= statements + savepoints


def test_the_report_has_the_shape_of_the_guide(look_at, memberships):
    lines = text(look_at("/limpia/", iterations=2)).splitlines()

    assert lines[:3] == ["Profiling endpoint: /limpia/ (GET)", "Iterations: 2", "=" * 42]
    assert re.fullmatch(r"Function +Calls  Time \(ms\)  % Total", lines[3])
    end = lines.index(RULE, 4)
    assert all(ROW.match(line) for line in lines[4:end])
    assert end > 4
    assert re.fullmatch(r"Total time: \d+\.\d ms", lines[end + 1])
    assert re.fullmatch(r"Avg per iteration: \d+\.\d ms", lines[end + 2])
    assert "Calls and times are totals over 2 iterations" in "\n".join(lines[end:])
    assert lines[-1] == "Recommendations: none"


def test_a_function_too_fast_to_be_sampled_has_its_row_all_the_same(call):
    report = call("naps", seconds=0.0)

    assert {row.name for row in report.functions} & {NAP, f"{planted.__name__}.naps"}
