"""The pages of the settings and of their history."""

import re

import pytest
from django.urls import reverse

from callcentersite.apps.configuration.domain.catalog import catalog
from callcentersite.apps.configuration.domain.effects import EFFECTS
from callcentersite.apps.configuration.models import Configuracion, ConfiguracionChange
from callcentersite.apps.configuration.wording import words_of
from tests.callcentersite.configuration.conftest import allow

pytestmark = pytest.mark.django_db(databases="__all__")

TIMEOUT = "seguridad.session_timeout"
LIST = "/admin/configuration/configuracion/"
HISTORY = "/admin/configuration/configuracionchange/"


def url(clave, view="change"):
    pk = Configuracion.objects.get(clave=clave).pk
    return reverse(f"admin:configuration_configuracion_{view}", args=[pk])


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def valor(clave=TIMEOUT):
    return Configuracion.objects.get(clave=clave).valor


def send(page, key, value, *, seen=None, **more):
    data = {"valor": value, "activa": "on", "seen": valor(key) if seen is None else seen}
    return page.post(url(key), data | more, follow=True)


# The list


def test_the_list_shows_all_forty_in_the_catalogues_order(seeded, page):
    text = text_of(page.get(LIST))

    places = [text.index(f" {clave} ") for clave in catalog()]
    assert places == sorted(places)
    assert "900 segundos" in text


def test_the_list_is_narrowed_by_category_and_state(change, page):
    change(TIMEOUT, "600")

    reports = text_of(page.get(LIST, {"categoria": "reportes"}))
    changed = text_of(page.get(LIST, {"estado": "cambiada"}))

    assert "reportes.default_format" in reports
    assert TIMEOUT not in reports
    assert TIMEOUT in changed
    assert "seguridad.lockout_duration" not in changed


def test_every_setting_says_where_it_takes_effect():
    assert set(EFFECTS) == set(catalog())
    assert [key for key, effect in EFFECTS.items() if not effect.sentence.endswith(".")] == []


@pytest.mark.parametrize("clave", catalog())
def test_every_setting_has_a_page(seeded, page, clave):
    answer = page.get(url(clave))

    assert EFFECTS[clave].sentence in text_of(answer)
    assert "style=" not in answer.content.decode().split('id="content"')[1]


# The page of a setting


@pytest.mark.parametrize(
    ("clave", "widget"),
    [
        (TIMEOUT, '<input type="number" name="valor" value="900" min="60" max="86400"'),
        ("sistema.maintenance_mode", '<input type="radio" name="valor" value="true"'),
        ("reportes.default_format", '<option value="pdf" selected>'),
    ],
)
def test_a_value_has_the_widget_of_its_kind(seeded, page, clave, widget):
    assert widget in page.get(url(clave)).content.decode()


def test_what_cannot_be_switched_on_has_only_no(seeded, page):
    html = page.get(url("notificaciones.sms_enabled")).content.decode()

    assert 'name="valor" value="false"' in html
    assert 'name="valor" value="true"' not in html
    assert "no hay un proveedor de SMS" in html


def test_a_change_is_saved_and_its_difference_said(seeded, page):
    answer = send(page, TIMEOUT, "1800")

    change = ConfiguracionChange.objects.first()
    assert f"Se guardó {TIMEOUT}: antes 900 segundos, ahora 1800 segundos." in text_of(answer)
    assert (change.old_valor, change.new_valor) == ("900", "1800")
    assert (change.person, change.source, change.detail) == (
        "administradora", "page", url(TIMEOUT),
    )  # fmt: skip


@pytest.mark.parametrize("value", ["", "59", "quince", "1,800", "86401"])
def test_a_bad_value_is_refused_with_what_is_allowed(seeded, page, value):
    answer = send(page, TIMEOUT, value)

    assert f"{TIMEOUT}: «{value}» no vale. Se admite un entero de 60 a 86 400 segundos." in text_of(
        answer
    )
    assert valor() == "900"
    assert ConfiguracionChange.objects.count() == 40


def test_a_choice_that_is_none_is_refused_by_its_key(seeded, page):
    answer = send(page, "reportes.default_format", "docx")

    assert "reportes.default_format: «docx» no vale. Se admite una de: pdf, csv, xlsx." in text_of(
        answer
    )


def test_nobody_writes_over_a_change_that_she_has_not_seen(change, page):
    change(TIMEOUT, "600")

    answer = send(page, TIMEOUT, "1800", seen="900")

    assert "otra persona cambió el valor a «600»" in text_of(answer)
    assert valor() == "600"


def test_the_form_changes_the_value_and_nothing_else(seeded, page):
    send(page, TIMEOUT, "1800", clave="otra.cosa", tipo_dato="string", valor_default="1")

    config = Configuracion.objects.get(clave=TIMEOUT)
    assert (config.tipo_dato, config.valor_default) == ("integer", "900")


def test_a_reader_reads_and_changes_nothing(seeded, client, staff):
    client.force_login(staff("lectora", "view_configuracion"))

    html = client.get(url(TIMEOUT)).content.decode()
    answers = [
        client.post(url(TIMEOUT), {"valor": "600", "seen": "900"}),
        client.post(url(TIMEOUT, "delete"), {"post": "yes"}),
        client.get(f"{LIST}add/"),
    ]
    client.post(LIST, {"action": "restore_defaults", "_selected_action": [1]})

    assert "900 segundos" in html
    assert 'name="valor"' not in html
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert valor() == "900"


def test_the_history_link_leads_to_every_door(change, page):
    change(TIMEOUT, "600")

    answer = page.get(url(TIMEOUT, "history"), follow=True)

    assert "600" in text_of(answer)
    assert "seguridad.lockout_duration" not in text_of(answer)


# Putting defaults back


def select(page, *claves, **more):
    pks = list(Configuracion.objects.filter(clave__in=claves).values_list("pk", flat=True))
    data = {"action": "restore_defaults", "_selected_action": pks}
    return page.post(LIST, data | more, follow=True)


def confirmation(answer):
    return re.search(r'name="confirmed" value="([^"]+)"', answer.content.decode())[1]


def test_restoring_shows_the_difference_first(change, page):
    change(TIMEOUT, "1800")

    answer = select(page, TIMEOUT, "sistema.log_level")

    assert f"{TIMEOUT} 1800 900 segundos Se restaura" in text_of(answer)
    assert "sistema.log_level INFO INFO Ya es el valor por omisión" in text_of(answer)
    assert f"seed_configuraciones_default --restore {TIMEOUT}" in text_of(answer)
    assert valor() == "1800"


def test_confirmed_it_restores_what_was_shown(change, page):
    change(TIMEOUT, "1800")
    shown = select(page, TIMEOUT, "sistema.log_level")

    answer = select(page, TIMEOUT, "sistema.log_level", confirmed=confirmation(shown))

    assert "Se restauró 1 configuración." in text_of(answer)
    assert valor() == "900"
    assert ConfiguracionChange.objects.first().person == "administradora"


def test_what_changed_since_it_was_shown_is_not_restored(change, page):
    change(TIMEOUT, "1800")
    shown = select(page, TIMEOUT)
    change(TIMEOUT, "700")

    answer = select(page, TIMEOUT, confirmed=confirmation(shown))

    assert "cambió mientras tanto: no se cambió nada" in text_of(answer)
    assert valor() == "700"


def test_a_made_up_confirmation_restores_nothing(change, page):
    change(TIMEOUT, "1800")

    assert "La confirmación ya no vale" in text_of(select(page, TIMEOUT, confirmed="x"))
    assert valor() == "1800"


def test_restoring_takes_the_right_to_restore(change, client, staff):
    change(TIMEOUT, "1800")
    client.force_login(staff("cambiadora", "view_configuracion", "change_configuracion"))

    assert "restore_defaults" not in client.get(LIST).content.decode()
    answer = select(client, TIMEOUT)

    assert 'name="confirmed"' not in answer.content.decode()
    assert valor() == "1800"


# The history


def change_url(view="change"):
    change = ConfiguracionChange.objects.filter(clave=TIMEOUT).first()
    return reverse(f"admin:configuration_configuracionchange_{view}", args=[change.pk])


@pytest.mark.parametrize("words", ["session_timeout", "1800", "administradora"])
def test_the_history_is_searched_by_key_value_and_person(seeded, page, words):
    send(page, TIMEOUT, "1800")

    assert "1800" in text_of(page.get(HISTORY, {"q": words}))
    assert "sistema.log_level" not in text_of(page.get(HISTORY, {"q": words}))


def test_nobody_edits_the_history(seeded, admin_client):
    answers = [
        admin_client.get(f"{HISTORY}add/"),
        admin_client.post(change_url(), {"person": "otra"}),
        admin_client.post(change_url("delete"), {"post": "yes"}),
    ]
    chosen = ConfiguracionChange.objects.first().pk
    admin_client.post(HISTORY, {"action": "delete_selected", "_selected_action": [chosen]})

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert ConfiguracionChange.objects.count() == 40


def test_a_change_is_reverted_after_a_look(change, page):
    change(TIMEOUT, "1800")

    look = text_of(page.get(change_url("revert")))
    assert "Ahora: 1800 · Después: 900" in look
    assert valor() == "1800"

    answer = page.post(change_url("revert"), {"seen": "1800"}, follow=True)

    assert f"Revertido: {TIMEOUT} vuelve a ser 900 segundos." in text_of(answer)
    assert valor() == "900"
    assert ConfiguracionChange.objects.filter(clave=TIMEOUT).count() == 3


def test_a_revert_does_not_undo_what_came_after_the_look(change, page):
    change(TIMEOUT, "1800")
    address = change_url("revert")
    change(TIMEOUT, "700")

    answer = page.post(address, {"seen": "1800"})

    assert "cambió mientras tanto" in text_of(answer)
    assert valor() == "700"


def test_a_deleted_setting_comes_back(seeded, page):
    Configuracion.objects.get(clave=TIMEOUT).delete()

    page.post(change_url("revert"), {"absent": "1"})

    assert valor() == "900"


def test_the_first_row_of_a_key_has_nothing_to_go_back_to(seeded, page):
    answer = page.post(change_url("revert"), {"seen": "900"})

    assert answer.status_code == 400
    assert "no existía antes" in text_of(answer)


def test_who_may_not_change_may_not_revert(change, client, staff):
    change(TIMEOUT, "1800")
    client.force_login(staff("lectora", "view_configuracionchange"))

    page = client.get(change_url())
    answers = [
        client.get(change_url("revert")),
        client.post(change_url("revert"), {"seen": "1800"}),
    ]

    assert "Revertir" not in text_of(page)
    assert [answer.status_code for answer in answers] == [403, 403]
    assert valor() == "1800"


def test_whoever_may_both_is_offered_the_way_back(change, client, staff):
    change(TIMEOUT, "1800")
    person = staff("ambas", "view_configuracionchange")
    client.force_login(allow(person, "change_configuracion"))

    assert "Revertir…" in text_of(client.get(change_url()))


@pytest.mark.parametrize(
    ("valor", "unidad", "words"),
    [
        ("1", "dias", "1 día"),
        ("90", "dias", "90 días"),
        ("1", "horas", "1 hora"),
        ("5", "MB", "5 MB"),
        ("7", "lunas", "7 lunas"),
    ],
)
def test_a_unit_is_written_as_people_do(valor, unidad, words):
    assert words_of(valor, "integer", unidad) == words


def test_what_another_system_obeys_is_published_and_not_in_force(seeded, page):
    listed = text_of(page.get("/admin/configuration/configuracion/?estado=publicada"))
    in_force = text_of(page.get("/admin/configuration/configuracion/?estado=rige"))

    assert "tickets.sla_high" in listed
    assert "llamadas.auto_pause_threshold" in listed
    assert "sistema.log_level" not in listed
    assert "tickets.sla_high" not in in_force
    assert "llamadas.max_call_duration" in in_force
    assert "Publicada Publicada:" in text_of(page.get(url("tickets.sla_high"))).replace("↗ ", "")
