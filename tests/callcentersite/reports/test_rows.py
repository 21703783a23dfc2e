"""The rows and cells of a report, from daily figures."""

from datetime import date

from callcentersite.apps.analytics.domain.metrics import Figures
from callcentersite.apps.reports.domain.kinds import Kind
from callcentersite.apps.reports.domain.rows import Line, lines
from callcentersite.apps.reports.domain.table import cells, columns_of, total_cells

MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)
FOUND = [
    (MONDAY, "VENTAS", Figures(offered=3, answered=2, wait_max_s=9)),
    (MONDAY, "EMPRESAS", Figures(offered=1, answered=1, wait_max_s=40)),
    (TUESDAY, "VENTAS", Figures(offered=5, answered=4, wait_max_s=7)),
]


def gathered(kind):
    return [
        (line.day, line.queue, line.figures.offered, line.figures.wait_max_s)
        for line in lines(iter(FOUND), kind)
    ]


def test_each_kind_gathers_in_its_own_way():
    assert gathered(Kind.DAY_QUEUE) == [
        (MONDAY, "VENTAS", 3, 9), (MONDAY, "EMPRESAS", 1, 40), (TUESDAY, "VENTAS", 5, 7),
    ]  # fmt: skip
    assert gathered(Kind.DAY) == [(MONDAY, None, 4, 40), (TUESDAY, None, 5, 7)]
    assert gathered(Kind.QUEUE) == [(None, "EMPRESAS", 1, 40), (None, "VENTAS", 8, 9)]


def test_a_row_in_cells():
    figures = Figures(
        offered=10, answered=6, abandoned=2, within_sla=3,
        wait_sum_s=117, wait_max_s=50, talk_sum_s=1_130, talk_max_s=500,
    )  # fmt: skip

    row = cells(Line(day=MONDAY, queue="VENTAS", figures=figures), columns_of(Kind.DAY_QUEUE))

    assert row == (MONDAY, "VENTAS", 10, 6, 2, 20.0, 3, 30.0, 19.5, 50, 188.3, 500)


def test_what_cannot_be_reckoned_is_empty_and_not_zero():
    row = cells(Line(queue="VENTAS", figures=Figures()), columns_of(Kind.QUEUE))

    assert row == ("VENTAS", 0, 0, 0, None, 0, None, None, 0, None, 0)


def test_the_total_has_its_label_where_the_others_have_their_names():
    columns = columns_of(Kind.DAY_QUEUE)

    total = total_cells(Figures(offered=4, abandoned=1), columns, label="Total")

    assert total[:6] == ("Total", "", 4, 0, 1, 25.0)


def test_signs_that_no_page_can_hold_become_spaces():
    row = cells(Line(queue="VEN\x00TAS\n", figures=Figures()), columns_of(Kind.QUEUE))

    assert row[0] == "VEN TAS "
