"""The page of the programmes: only registered operations, only times that will come."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_q.models import Schedule

from opsconsole.models import JobRun, ProgrammeTerms
from opsconsole.programmes.orders import FUNCTION, Order, Turn, order_of
from tests.opsconsole.admin.conftest import text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
URL = "/admin/django_q/schedule/"
RIGHTS = ("view_schedule", "add_schedule", "change_schedule", "delete_schedule")


@pytest.fixture
def planner(client, operator):
    """May edit programmes, and run counting."""
    client.force_login(allow(operator, *RIGHTS))
    return client


def form(**changes):
    return {
        "name": "De noche", "operation": "count_slowly", "p_steps": "9", "p_pause": "0.0",
        "schedule_type": "C", "cron": "0 2 * * *", "minutes": "", "next_run_0": "",
        "next_run_1": "", "zone": "", "on_missed": "skip", "active": "on",
    } | changes  # fmt: skip


def test_a_programme_is_saved_with_the_one_launcher_and_its_owner(planner, operator):
    planner.post(f"{URL}add/", form(func="os.system", args="'rm -rf /'", hook="os.system"))

    schedule = Schedule.objects.get()
    assert (schedule.func, schedule.args, schedule.hook) == (FUNCTION, None, None)
    assert order_of(schedule) == Order(
        operation="count_slowly", params={"steps": 9}, owner_id=str(operator.pk)
    )
    assert schedule.repeats == -1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"operation": "os.system"}, "Escoja una opción válida."),
        ({"operation": "keep_secret"}, "Escoja una opción válida."),
        ({"operation": "remove_people"}, "Escoja una opción válida."),
        ({"p_steps": "0"}, "mayor o igual a 1"),
        ({"p_steps": ""}, "Este campo es obligatorio."),
        ({"cron": ""}, "Se esperan cinco campos"),
        ({"cron": "0 0 31 2 *"}, "no tiene ninguna fecha próxima"),
        ({"schedule_type": "I"}, "Indique cada cuántos minutos."),
        ({"schedule_type": "D"}, "Indique el día y la hora."),
        ({"schedule_type": "O"}, "Indique el día y la hora."),
        ({"schedule_type": "O", "next_run_0": "2020-01-01", "next_run_1": "10:00"}, "ya pasó."),
        ({"zone": "America/Atlantida"}, "Escoja una opción válida."),
        ({"on_missed": "siempre"}, "Escoja una opción válida."),
    ],
)
def test_what_would_break_the_scheduler_is_refused_at_its_field(planner, changes, said):
    response = planner.post(f"{URL}add/", form(**changes))

    assert response.status_code == 200
    assert said in text_of(response)
    assert Schedule.objects.count() == 0


def test_a_secret_is_never_put_on_a_programme(client, operator):
    client.force_login(allow(operator, "run_keep_secret", *RIGHTS))

    response = client.post(f"{URL}add/", form(operation="keep_secret", p_password="abra"))

    assert "Escoja una opción válida." in text_of(response)
    assert Schedule.objects.count() == 0


def test_of_what_destroys_only_what_keeps_its_plan_is_put_on_a_programme(client, operator):
    client.force_login(allow(operator, "run_remove_people", "run_remove_kept", *RIGHTS))

    refused = client.post(f"{URL}add/", form(operation="remove_people"))
    client.post(f"{URL}add/", form(operation="remove_kept", p_prefix="viejo"))

    assert "Escoja una opción válida." in text_of(refused)
    assert order_of(Schedule.objects.get()).operation == "remove_kept"


def test_its_page_shows_the_next_five_times(planner):
    planner.post(f"{URL}add/", form())
    schedule = Schedule.objects.get()

    html = planner.get(f"{URL}{schedule.pk}/change/").content.decode()

    assert html.count(", 02:00") == 5


def test_a_pause_is_kept_and_lifted(planner):
    planner.post(f"{URL}add/", form(active=""))
    schedule = Schedule.objects.get()
    assert schedule.repeats == 0

    planner.post(f"{URL}{schedule.pk}/change/", form())

    schedule.refresh_from_db()
    assert schedule.repeats == -1


def test_who_saves_over_a_change_of_somebody_else_is_told_and_changes_nothing(planner):
    planner.post(f"{URL}add/", form())
    schedule = Schedule.objects.get()
    page = planner.get(f"{URL}{schedule.pk}/change/")
    seen = page.context["adminform"].form["seen"].value()

    planner.post(f"{URL}{schedule.pk}/change/", form(cron="0 4 * * *", seen=seen))
    late = planner.post(f"{URL}{schedule.pk}/change/", form(cron="0 5 * * *", seen=seen))

    assert "la tarea programada cambió" in text_of(late)
    assert Schedule.objects.get().cron == "0 4 * * *"


def test_among_many_it_is_found_and_what_wants_somebody_comes_first(planner, operator):
    for number in range(3):
        planner.post(f"{URL}add/", form(name=f"Turno {number}"))
    planner.post(f"{URL}add/", form(name="Parada", active=""))
    order = Order(operation="raise_error", owner_id=str(operator.pk))
    broken = Schedule.objects.bulk_create([
        Schedule(name="Rota", func=FUNCTION, kwargs=order.as_text(), schedule_type="C",
                 cron="x", repeats=0)
    ])[0]  # fmt: skip
    ProgrammeTerms.objects.create(schedule=broken, suspended_because="Cron «x».")

    def names(query):
        rows = planner.get(f"{URL}?{query}").context["cl"].result_list
        return [row.name for row in rows]

    assert names("q=turno 1") == ["Turno 1"]
    assert names("q=fallar") == ["Rota"]
    assert names("")[0] == "Rota"
    assert names("")[-1] == "Parada"


def test_a_row_that_somebody_broke_opens_before_anybody_has_suspended_it(planner, operator):
    order = Order(operation="count_slowly", owner_id=str(operator.pk))
    broken = Schedule.objects.bulk_create([
        Schedule(func=FUNCTION, kwargs=order.as_text(), schedule_type="C", cron="61 * * * *",
                 next_run=timezone.now(), repeats=-1)
    ])[0]  # fmt: skip

    answers = [
        planner.get(url).status_code for url in (URL, f"{URL}{broken.pk}/change/", "/admin/")
    ]

    assert answers == [200, 200, 200]


def test_without_the_right_to_run_it_nobody_changes_when_it_runs(as_person, stranger, planner):
    planner.post(f"{URL}add/", form())
    schedule = Schedule.objects.get()
    browser = as_person(allow(stranger, *RIGHTS))

    changed = browser.post(f"{URL}{schedule.pk}/change/", form(cron="* * * * *"))
    deleted = browser.post(f"{URL}{schedule.pk}/delete/", {"post": "yes"})

    schedule.refresh_from_db()
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert schedule.cron == "0 2 * * *"


def test_viewing_is_reading(as_person, stranger, planner):
    planner.post(f"{URL}add/", form())
    schedule = Schedule.objects.get()
    browser = as_person(allow(stranger, "view_schedule"))

    text = text_of(browser.get(f"{URL}{schedule.pk}/change/"))

    assert "Contar despacio" in text
    assert "Pasos: 9" in text
    assert "steps" not in text
    assert browser.post(f"{URL}{schedule.pk}/change/", form()).status_code == 403


def test_staff_without_rights_see_no_programmes(as_person, stranger):
    assert as_person(stranger).get(URL).status_code == 403


def test_a_row_that_somebody_else_wrote_is_marked(planner):
    Schedule.objects.create(func="os.system", schedule_type="D")

    assert "ilegible o ajeno: os.system" in text_of(planner.get(URL))


def test_the_home_page_says_what_comes_next(planner):
    planner.post(f"{URL}add/", form())

    assert "Lo que sigue Contar despacio" in text_of(planner.get("/admin/"))


def test_the_headings_call_it_what_the_menu_calls_it(planner):
    planner.post(f"{URL}add/", form())
    page = f"{URL}{Schedule.objects.get().pk}"

    for address, heading in (
        (URL, "Tareas programadas"),
        (f"{URL}add/", "Agregar una tarea programada"),
        (f"{page}/change/", "Tarea programada"),
        (f"{page}/delete/", "Eliminar"),
    ):
        answer = planner.get(address)
        assert heading in answer.context["title"]
        assert not re.search(r"\b[Pp]rogramas?\b", text_of(answer))


def test_people_read_its_name_and_not_its_function(planner):
    added = planner.post(f"{URL}add/", form(), follow=True)
    page = f"{URL}{Schedule.objects.get().pk}"
    kept = planner.post(f"{page}/change/", form(_continue="1"), follow=True)
    asked, past = planner.get(f"{page}/delete/"), planner.get(f"{page}/history/")
    gone = planner.post(f"{page}/delete/", {"post": "yes"}, follow=True)

    assert "Se agregó la tarea programada «De noche»." in text_of(added)
    assert "Se guardó la tarea programada «De noche»." in text_of(kept)
    assert kept.redirect_chain[-1][0] == f"{page}/change/"
    assert "De noche" in text_of(asked)
    assert "Se eliminó la tarea programada." in text_of(gone)
    assert "Histórico de «De noche»" in text_of(past)
    for answer in (added, asked, past, gone):
        assert "run_scheduled" not in text_of(answer)


def test_first_the_operation_is_picked_and_then_its_own_form_is_shown(planner):
    asked = text_of(planner.get(f"{URL}add/"))
    filled_in = planner.get(f"{URL}add/?operation=count_slowly").content.decode()

    assert "¿Qué operación?" in asked
    assert "Contar despacio" in asked
    assert "Eliminar cuentas" not in asked
    assert 'name="p_steps"' in filled_in
    assert 'value="3"' in filled_in


def test_a_default_is_not_written_down_so_that_it_may_change(planner):
    planner.post(f"{URL}add/", form(p_steps="3"))

    assert order_of(Schedule.objects.get()).params == {}


def test_each_week_is_a_cron_of_the_zone_that_was_chosen(planner):
    planner.post(f"{URL}add/", form(
        schedule_type="W", cron="", next_run_0="2099-11-22", next_run_1="02:30", zone="Asia/Tokyo",
        on_missed="once",
    ))  # fmt: skip

    schedule = Schedule.objects.get()
    # 02:30 on Sunday in Mexico City is 17:30 in Tokyo.
    assert (schedule.schedule_type, schedule.cron) == ("C", "30 17 * * 0")
    assert schedule.next_run == datetime(2099, 11, 22, 8, 30, tzinfo=UTC)
    assert (schedule.terms.zone, schedule.terms.on_missed) == ("Asia/Tokyo", "once")
    assert "30 17 * * 0 (Asia/Tokyo)" in text_of(planner.get(URL))
    shown = text_of(planner.get(f"{URL}{schedule.pk}/change/"))
    assert "dom 22 nov 2099, 17:30 en Asia/Tokyo; aquí, dom 22 nov 2099, 02:30" in shown
    assert "run_scheduled" not in shown


def test_a_programme_that_is_lifted_from_a_long_pause_has_missed_nothing(planner):
    planner.post(f"{URL}add/", form(active="", schedule_type="H"))
    Schedule.objects.update(next_run=timezone.now() - timedelta(days=30))

    planner.post(f"{URL}{Schedule.objects.get().pk}/change/", form(schedule_type="H"))

    assert Schedule.objects.get().next_run > timezone.now()


def test_why_it_is_suspended_is_said_until_somebody_saves_it_again(planner):
    planner.post(f"{URL}add/", form())
    Schedule.objects.update(repeats=0)
    ProgrammeTerms.objects.update(suspended_because="ana está suspendida.", told_until=None)
    page = f"{URL}{Schedule.objects.get().pk}/change/"

    listed, shown = text_of(planner.get(URL)), text_of(planner.get(page))
    planner.post(page, form())

    assert "▲ Suspendida ana está suspendida." in listed
    assert "▲ Suspendida ana está suspendida." in shown
    assert "▲" not in text_of(planner.get(URL))
    assert "✓ Activa" in text_of(planner.get(page))
    assert ProgrammeTerms.objects.get().suspended_because == ""


def test_its_last_result_is_a_link_to_the_run(planner):
    planner.post(f"{URL}add/", form())
    run = JobRun.objects.create(operation="count_slowly", origin="schedule", status="failed")
    turn = Turn(schedule_id=Schedule.objects.get().pk, due=timezone.now())
    turn.remember(run, "Se lanzó.")

    html = planner.get(URL).content.decode()

    assert f'<a href="{run.get_absolute_url()}">✕ Falló' in html


def test_the_page_of_the_operation_says_when_it_comes_and_leads_to_a_new_programme(
    planner, as_person, operator, stranger
):
    planner.post(f"{URL}add/", form())
    page = "/admin/operaciones/count_slowly/"

    seen = planner.get(page).content.decode()
    by_nobody = as_person(allow(stranger, "run_count_slowly")).get(page).content.decode()

    assert "De noche" in seen
    assert f'href="{URL}add/?operation=count_slowly"' in seen
    assert "De noche" not in by_nobody
    assert '?operation=count_slowly"' not in by_nobody.replace("jobrun/?", "")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            "schedule_type=C&cron=30 2 1 1 *&zone=Asia/Tokyo",
            ["01 ene", "en Asia/Tokyo; aquí, "],
        ),
        ("schedule_type=D&cron=&next_run_0=2099-11-22&next_run_1=02:30", ["22 nov 2099, 02:30"]),
        ("schedule_type=C&cron=0 0 31 2 *", ["No es una expresión cron válida"]),
        ("schedule_type=I&minutes=", ["Indique cada cuántos minutos."]),
        ("", ["Este campo es obligatorio."]),
    ],
)
def test_the_next_times_are_shown_while_it_is_being_filled_in(planner, asked, expected):
    answer = planner.get(f"{URL}proximas/?{asked}").json()

    lines = answer.get("times") or answer["problems"]
    assert [text for text in expected if text.removeprefix("0") not in lines[0]] == []
    assert ("times" in answer) == (len(lines) == 5)
    assert Schedule.objects.count() == 0


def test_the_next_times_are_for_whoever_may_plan(as_person, stranger):
    assert as_person(stranger).get(f"{URL}proximas/").status_code == 403
