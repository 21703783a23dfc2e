"""What is planted is found, with its line; what is clean gets no recommendation."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.common.measuring.domain import findings
from callcentersite.apps.common.measuring.domain.evidence import Evidence, SeenScan
from callcentersite.apps.common.measuring.domain.wording import text
from callcentersite.apps.users.models import GrupoPermiso

from . import planted

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
SOURCE = planted.__file__


def line_of(words):
    """``tests/…/planted.py:12`` of the line that holds the words."""
    lines = Path(SOURCE).read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if words in line)
    return f"tests/callcentersite/common/measuring/planted.py:{number}"


def kinds(report):
    return [finding.kind for finding in report.findings]


@pytest.fixture
def groups(transactional_db):
    """Two hundred groups."""
    GrupoPermiso.objects.bulk_create(
        GrupoPermiso(codigo=f"g{number}", nombre=f"G {number}", nivel_riesgo="bajo")
        for number in range(200)
    )


def test_a_clean_page_gets_no_recommendation(look_at, memberships):
    assert look_at("/limpia/", iterations=2).findings == ()


def test_an_n_plus_one_is_found_with_its_line_and_its_cure(look_at, memberships):
    report = look_at("/repite/")

    (found,) = report.findings
    assert (found.kind, found.count, found.distinct) == ("n_plus_one", 12, 12)
    assert found.place == line_of("for one in UsuarioGrupo.objects.all()")
    assert (found.fix, found.relation) == ("select_related", "grupo")
    assert 'FROM "grupos_permisos"' in found.sql.replace("`", '"')
    assert "(N+1 detected): 12 times per iteration" in text(report)
    assert "Use select_related for foreign keys: select_related('grupo')" in text(report)


def test_an_n_plus_one_of_a_template_is_found_with_the_templates_line(look_at, memberships):
    (found,) = look_at("/repite-en-plantilla/").findings

    assert found.kind == "n_plus_one"
    assert found.template == "planted/memberships.html:3"
    assert found.place == line_of('render(request, "planted/memberships.html"')


def test_a_set_fetched_row_by_row_wants_prefetch_related(call, groups):
    (found,) = call("prefetchless").findings

    assert (found.kind, found.count) == ("n_plus_one", 200)
    assert (found.fix, found.relation) == ("prefetch_related", "enlaces")
    assert found.place == line_of("len(group.enlaces.all())")


def test_reading_on_batch_by_batch_is_no_n_plus_one(call, groups):
    assert call("reads_in_batches").findings == ()


def test_the_same_question_twice_is_found(look_at):
    report = look_at("/pregunta-dos-veces/")

    assert kinds(report) == ["duplicate"]
    assert (report.findings[0].count, report.findings[0].distinct) == (2, 1)
    assert report.findings[0].place == ", ".join(
        (line_of("first = GrupoPermiso"), line_of("second = GrupoPermiso"))
    )


def test_a_heavy_function_that_is_asked_the_same_again_is_a_cache_candidate(call):
    (found,) = call("asks_the_same_again", iterations=2).findings

    assert (found.kind, found.count, found.distinct) == ("cache", 5, 2)
    assert found.function == f"{planted.__name__}.heavy"
    assert found.share >= findings.CACHE_SHARE


@pytest.mark.parametrize(
    "function",
    ["asks_something_else_each_time", "asks_what_is_remembered", "adds_up_what_comes"],
    ids=["asked something else", "remembers by itself", "asked once for many"],
)
def test_and_what_a_cache_would_not_help_is_none(function, call):
    assert call(function, iterations=2).findings == ()


def test_rows_that_nobody_looks_at_are_found(call, groups):
    (found,) = call("counts_by_fetching").findings

    assert (found.kind, found.rows, found.used) == ("unused_rows", 200, 0)
    assert found.table == "users.GrupoPermiso"
    assert found.place == line_of("return len(GrupoPermiso.objects.all())")


def test_rows_that_are_used_are_not(call, groups):
    assert call("uses_what_it_fetches").findings == ()


def test_making_json_for_most_of_the_time_is_found(call):
    report = call("writes_json", iterations=2)

    assert kinds(report) == ["serialization"]
    assert report.findings[0].share >= findings.SERIALIZATION_SHARE


def test_a_slow_query_is_found(call, monkeypatch):
    monkeypatch.setattr(findings, "SLOW_QUERY_MS", 1)

    report = call("slow_query")

    assert kinds(report) == ["slow_query"]
    assert report.findings[0].ms >= 1
    assert report.findings[0].place == line_of("cursor.execute(  # slow")


@pytest.fixture
def many_calls(transactional_db):
    """Twenty thousand calls, and a database that knows how many there are."""
    at = datetime(2026, 10, 5, 15, tzinfo=UTC)
    lengths = {"started_at": at, "ended_at": at, "duration_s": 0, "wait_s": 0, "talk_s": 0}
    Call.objects.bulk_create(
        (Call(call_id=number, queue_code="VENTAS", **lengths) for number in range(20_000)),
        batch_size=5_000,
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Call._meta.db_table}")


def test_a_large_table_read_from_end_to_end_wants_an_index(call, many_calls):
    report = call("looks_for_a_note")

    if connection.vendor == "postgresql":
        (found,) = report.findings
        assert (found.kind, found.table) == ("missing_index", Call._meta.db_table)
        assert found.rows == 20_000
    else:
        assert "missing_index" not in kinds(report)


def test_and_one_found_by_its_key_does_not(call, many_calls):
    assert "missing_index" not in kinds(call("looks_by_number"))


@pytest.mark.parametrize(("wanted", "advised"), [(40, 1), (2_000, 1), (15_000, 0)])
def test_whoever_wants_most_of_a_table_needs_no_index(wanted, advised):
    scan = SeenScan(table="calls", rows=20_000, wanted=wanted, sql="SELECT ?", place="a.py:1")

    assert len(list(findings.missing_indexes(Evidence(scans=(scan,))))) == advised
