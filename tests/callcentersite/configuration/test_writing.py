"""No way of writing stores a bad value, and every way leaves its row of history."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from callcentersite.apps.common.acting import Source, acting, current
from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion, ConfiguracionChange
from opsconsole import OperationError

TIMEOUT = "seguridad.session_timeout"


@pytest.fixture
def config(seeded):
    return Configuracion.objects.get(clave=TIMEOUT)


def valor():
    return Configuracion.objects.get(clave=TIMEOUT).valor


def last_change():
    return ConfiguracionChange.objects.first()


def set_and_save(config, value):
    config.valor = value
    config.save()


def set_and_save_that_field(config, value):
    config.valor = value
    config.save(update_fields=["valor"])


def update(config, value):
    Configuracion.objects.filter(pk=config.pk).update(valor=value)


def update_by_the_base_manager(config, value):
    Configuracion._base_manager.filter(pk=config.pk).update(valor=value)


def bulk_update(config, value):
    config.valor = value
    Configuracion.objects.bulk_update([config], ["valor"])


def update_or_create(config, value):
    Configuracion.objects.update_or_create(clave=config.clave, defaults={"valor": value})


WAYS = [
    set_and_save,
    set_and_save_that_field,
    update,
    update_by_the_base_manager,
    bulk_update,
    update_or_create,
]
each_way = pytest.mark.parametrize("write", WAYS, ids=lambda way: way.__name__)


@each_way
def test_every_way_of_writing_leaves_one_row_of_history(config, write):
    before = ConfiguracionChange.objects.count()

    with acting(person="ana", source=Source.PAGE, detail="/admin/"):
        write(config, "1800")

    change = last_change()
    assert valor() == "1800"
    assert ConfiguracionChange.objects.count() == before + 1
    assert (change.clave, change.old_valor, change.new_valor) == (TIMEOUT, "900", "1800")
    assert (change.person, change.source, change.detail) == ("ana", "page", "/admin/")
    assert Configuracion.objects.get(pk=config.pk).updated_by == "ana"


@each_way
def test_no_way_of_writing_stores_a_bad_value(config, write):
    before = ConfiguracionChange.objects.count()

    with pytest.raises(ValidationError) as refused:
        write(config, "59")

    assert refused.value.message_dict["valor"] == [
        f"{TIMEOUT}: «59» no vale. Se admite un entero de 60 a 86\u00a0400 segundos."
    ]
    assert valor() == "900"
    assert ConfiguracionChange.objects.count() == before


@each_way
def test_what_changes_nothing_leaves_no_row(config, write):
    before = ConfiguracionChange.objects.count()

    write(config, " 900 ")

    assert valor() == "900"
    assert ConfiguracionChange.objects.count() == before


def test_a_number_may_be_given_as_a_number(config):
    config.valor = 1800
    config.save()

    assert config.valor == "1800"
    assert config.get_valor_typed() == 1800


def test_many_are_written_all_or_none(seeded):
    with pytest.raises(ValidationError):
        Configuracion.objects.filter(clave__in=[TIMEOUT, "sistema.log_level"]).update(valor="600")

    assert valor() == "900"


def test_an_expression_is_refused(config):
    with pytest.raises(TypeError, match="expresión"):
        Configuracion.objects.update(valor=F("valor_default"))
    with pytest.raises(TypeError):
        Configuracion.objects.bulk_create([config], update_conflicts=True)


def test_rows_created_in_bulk_are_checked_and_written_down(db):
    rows = [
        Configuracion(categoria="otra", clave="otra.una", valor="Sí", tipo_dato="boolean"),
        Configuracion(categoria="otra", clave="otra.dos", valor="2", tipo_dato="integer"),
    ]

    Configuracion.objects.bulk_create(rows)

    assert Configuracion.objects.get(clave="otra.una").valor == "true"
    assert ConfiguracionChange.objects.filter(action="created").count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tipo_dato": "string"}, "tipo_dato"),
        ({"tipo_dato": "fecha"}, "tipo_dato"),
        ({"clave": "otra.session_timeout"}, "clave"),
        ({"clave": ""}, "clave"),
        ({"valor_default": "nunca"}, "valor_default"),
    ],
)
def test_other_fields_are_checked_too(config, change, field):
    for name, value in change.items():
        setattr(config, name, value)

    with pytest.raises(ValidationError) as refused:
        config.save()

    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    "change",
    ["tipo_dato = 'fecha'", "tipo_dato = 'boolean'", "valor = ''", "categoria = 'otra'",
     "clave = 'seguridad.lockout_duration'"],
)  # fmt: skip
def test_the_database_refuses_what_goes_past_the_code(config, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE configuracion SET {change} WHERE clave = '{TIMEOUT}'")


def test_a_deletion_is_written_down_and_can_be_undone(config):
    config.activa = False
    config.save()
    Configuracion.objects.filter(pk=config.pk).delete()
    change = last_change()

    services.revert(change, seen=None)

    assert (change.action, change.old_valor, change.new_valor) == ("deleted", "900", None)
    again = Configuracion.objects.get(clave=TIMEOUT)
    assert (again.valor, again.unidad, again.activa) == ("900", "segundos", False)


def test_other_fields_are_in_the_history_and_come_back_with_it(config):
    config.descripcion = "Otra cosa"
    config.valor = "600"
    config.save()

    change = last_change()
    services.revert(change, seen="600")

    config.refresh_from_db()
    assert set(change.other_fields) == {"descripcion"}
    assert (config.valor, config.descripcion.startswith("Inactividad")) == ("900", True)
    assert ConfiguracionChange.objects.filter(clave=TIMEOUT).count() == 3


def test_a_change_is_not_reverted_over_another_one(config):
    set_and_save(config, "600")
    change = last_change()
    set_and_save(config, "700")

    with pytest.raises(OperationError, match="mientras tanto"):
        services.revert(change, seen="600")

    assert valor() == "700"


def test_nobody_edits_the_history(config):
    change = last_change()
    change.person = "otra"

    for attempt in (
        change.save,
        change.delete,
        lambda: ConfiguracionChange.objects.update(person="otra"),
        lambda: ConfiguracionChange.objects.all().delete(),
        lambda: ConfiguracionChange._base_manager.all().delete(),
        lambda: ConfiguracionChange.objects.bulk_update([change], ["person"]),
        lambda: ConfiguracionChange.objects.bulk_create([ConfiguracionChange(clave="x")]),
    ):
        with pytest.raises(OperationError, match="historial"):
            attempt()

    assert ConfiguracionChange.objects.filter(person="otra").count() == 0
    assert ConfiguracionChange.objects.count() == 40


def test_without_anybody_it_is_the_terminal():
    actor = current()

    assert actor.person
    assert actor.source in {Source.COMMAND, Source.SHELL}


def test_a_change_that_is_rolled_back_leaves_nothing(config):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        set_and_save(config, "600")
        raise ZeroDivisionError

    assert valor() == "900"
    assert ConfiguracionChange.objects.count() == 40
