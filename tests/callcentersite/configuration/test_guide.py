"""The guide's lines and shell snippets, as they stand there."""

import json

import pytest
from django.core.management import call_command

from callcentersite.apps.configuration.domain.catalog import catalog
from callcentersite.apps.configuration.models import Configuracion, ConfiguracionChange
from opsconsole.management.base import Refusal
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

FIRST = """\
Iniciando seed de configuraciones por defecto...
Creando configuraciones de seguridad...
Creando configuraciones de notificaciones...
Creando configuraciones de llamadas...
Creando configuraciones de tickets...
Creando configuraciones de reportes...
Creando configuraciones de sistema...
Creando configuraciones de integraciones...
Seed completado: 40 configuraciones creadas
"""

COUNT_AND_READ = """\
from callcentersite.apps.configuration.models import Configuracion
print(Configuracion.objects.filter(categoria='seguridad').count())
config = Configuracion.objects.get(clave='seguridad.session_timeout')
print(repr(config.get_valor_typed()))
"""

CHANGE = """\
from callcentersite.apps.configuration.models import Configuracion
config = Configuracion.objects.get(clave='seguridad.session_timeout')
config.valor = '1800'  # 30 minutos
config.save()
"""


def seed(capsys, *words):
    call_command("seed_configuraciones_default", *words)
    return capsys.readouterr().out


def valor(clave):
    return Configuracion.objects.get(clave=clave).valor


def test_the_first_run_prints_the_guides_lines(capsys):
    assert seed(capsys) == FIRST
    assert Configuracion.objects.count() == 40


def test_again_it_creates_nothing_and_keeps_what_was_changed(capsys):
    seed(capsys)
    exec(CHANGE)

    assert seed(capsys) == FIRST.replace("40", "0")
    assert valor("seguridad.session_timeout") == "1800"


def test_a_deleted_one_comes_back_alone(capsys):
    seed(capsys)
    Configuracion.objects.filter(clave__startswith="tickets.sla").delete()

    assert "Seed completado: 4 configuraciones creadas" in seed(capsys)
    assert Configuracion.objects.count() == 40


def test_the_shell_counts_eight_and_reads_an_integer(capsys):
    seed(capsys)

    exec(COUNT_AND_READ)

    assert capsys.readouterr().out == "8\n900\n"


def test_the_shell_changes_and_saves(capsys):
    seed(capsys)

    exec(CHANGE)

    assert Configuracion.objects.get(clave="seguridad.session_timeout").get_valor_typed() == 1800


def test_restore_shows_the_difference_and_puts_the_default_back(capsys):
    seed(capsys)
    exec(CHANGE)

    said = seed(capsys, "--restore", "seguridad.session_timeout", "sistema.log_level")

    assert said == (
        "Restaurando valores por omisión...\n"
        "seguridad.session_timeout: 1800 → 900 segundos\n"
        "sistema.log_level: sin cambio (INFO)\n"
        "Restauración completada: 1 configuración restaurada\n"
    )
    assert valor("seguridad.session_timeout") == "900"


def test_restore_makes_a_deleted_one_again(capsys):
    seed(capsys)
    Configuracion.objects.filter(clave="sistema.log_level").delete()

    assert "sistema.log_level: no existe → INFO" in seed(capsys, "--restore", "sistema.log_level")
    assert valor("sistema.log_level") == "INFO"


def test_a_simulation_shows_and_changes_nothing(capsys):
    assert "Simulación: se crearían 40 configuraciones" in seed(capsys, "--dry-run")
    assert Configuracion.objects.count() == 0

    seed(capsys)
    exec(CHANGE)
    said = seed(capsys, "--restore", "seguridad.session_timeout", "--dry-run")

    assert "seguridad.session_timeout: 1800 → 900 segundos" in said
    assert "Simulación: se restauraría 1 configuración" in said
    assert valor("seguridad.session_timeout") == "1800"


@pytest.mark.parametrize("words", [["--restore", "seguridad.nada"], ["--restore"]])
def test_restore_wants_keys_of_the_catalogue(words):
    with pytest.raises(Refusal) as refused:
        call_command("seed_configuraciones_default", *words)

    assert refused.value.returncode == 2
    assert Configuracion.objects.count() == 0


def test_the_history_tells_the_run(capsys):
    seed(capsys)

    run = JobRun.objects.get()
    changes = ConfiguracionChange.objects.all()

    assert changes.count() == 40
    assert {(one.source, one.detail) for one in changes} == {("run", f"#{run.pk}")}
    assert run.result == {"created": 40}


def test_the_nightly_dump_is_loaded_again(capsys, tmp_path):
    seed(capsys)
    exec(CHANGE)
    file = tmp_path / "config_20261121.json"
    call_command("dumpdata", "configuration", output=str(file))
    history = set(ConfiguracionChange.objects.values_list("pk", flat=True))
    Configuracion.objects.get(clave="seguridad.session_timeout").delete()
    Configuracion.objects.filter(clave="sistema.log_level").update(valor="ERROR")

    call_command("loaddata", str(file))

    assert Configuracion.objects.count() == 40
    assert valor("seguridad.session_timeout") == "1800"
    assert valor("sistema.log_level") == "INFO"
    # What happened after the dump stays in the history, and so does the loading itself.
    since = ConfiguracionChange.objects.exclude(pk__in=history)
    assert set(since.values_list("clave", "action", "source")) == {
        ("seguridad.session_timeout", "deleted", "command"),
        ("sistema.log_level", "changed", "command"),
        ("seguridad.session_timeout", "created", "command"),
    }
    assert since.filter(clave="sistema.log_level").count() == 2


@pytest.mark.parametrize("change", [{"valor": "mañana"}, {"valor": "1"}, {"tipo_dato": "boolean"}])
def test_a_dump_with_a_bad_value_is_not_loaded(capsys, tmp_path, change):
    seed(capsys)
    file = tmp_path / "config.json"
    call_command("dumpdata", "configuration.configuracion", output=str(file))
    rows = json.loads(file.read_text())
    for row in rows:
        if row["fields"]["clave"] == "sistema.log_level":
            row["fields"]["valor"] = "ERROR"
        if row["fields"]["clave"] == "seguridad.session_timeout":
            row["fields"] |= change
    file.write_text(json.dumps(rows))

    with pytest.raises(Exception, match=r"seguridad\.session_timeout"):
        call_command("loaddata", str(file))

    assert valor("seguridad.session_timeout") == catalog()["seguridad.session_timeout"].default
    assert valor("sistema.log_level") == "INFO"


def test_a_dump_with_another_past_is_not_loaded(capsys, tmp_path):
    seed(capsys)
    file = tmp_path / "config.json"
    call_command("dumpdata", "configuration.configuracionchange", output=str(file))
    file.write_text(file.read_text().replace('"900"', '"901"'))

    with pytest.raises(Exception, match="historial"):
        call_command("loaddata", str(file))

    change = ConfiguracionChange.objects.get(clave="seguridad.session_timeout")
    assert change.new_valor == "900"
