"""A wrong environment stops the start, in a sentence that names the variable."""

import os

import pytest

from tests.house.processes import PRODUCTION, python

pytestmark = pytest.mark.once

DEVELOPMENT = {"DJANGO_SETTINGS_MODULE": "callcentersite.settings.development"}
WRONG = {
    "no URL at all": ({"DATABASE_URL": "analytics"}, "DATABASE_URL: se esperaba una URL"),
    "an unknown scheme": ({"DATABASE_URL": "oracle://x@y/z"}, "«oracle»"),
    "no port": ({"DATABASE_URL": "postgres://a:secreta@h:x/z"}, "DATABASE_URL: no es una URL"),
    "the legacy database": ({"LEGACY_DATABASE_URL": "ivr"}, "LEGACY_DATABASE_URL: se esperaba"),
    "the console's database": ({"OPS_DATABASE_URL": "ops"}, "OPS_DATABASE_URL: se esperaba"),
    "a pool": ({"DATABASE_URL": "postgres://a:b@h/z?pool=true"}, "DATABASES['default']: quite"),
    "no number": ({"Q_WORKERS": "dos"}, "Q_WORKERS: se esperaba un número entero"),
    "no place for the log": ({"LOG_FILE": "/proc/nowhere/x.log"}, "LOG_FILE: no se puede escribir"),
    "no number of files": ({"LOG_FILES_KEPT": "todos"}, "LOG_FILES_KEPT: se esperaba un número"),
    "no mail server": ({"EMAIL_URL": "mail://ana:secreta@h"}, "EMAIL_URL: se esperaba una URL"),
    "no port of mail": ({"EMAIL_URL": "smtp://ana:secreta@h:x"}, "EMAIL_URL: se esperaba una URL"),
    "a short token": ({"METRICS_TOKEN": "secreta"}, "METRICS_TOKEN: tiene menos de 20"),
    "no network": ({"METRICS_NETWORKS": "oficina"}, "METRICS_NETWORKS: se esperaban direcciones"),
    "no seconds": ({"OPSCONSOLE_BEAT_SECONDS": "ya"}, "OPSCONSOLE_BEAT_SECONDS: se esperaba"),
}
WRONG_IN_PRODUCTION = {
    "no secret": ({"SECRET_KEY": None}, "SECRET_KEY: falta"),
    "a short secret": ({"SECRET_KEY": "corta"}, "SECRET_KEY: falta o tiene menos de 50"),
    "no host": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS: falta"),
    "neither yes nor no": ({"SECURE_SSL_REDIRECT": "quizá"}, "SECURE_SSL_REDIRECT: se esperaba"),
}


def load(environment):
    settings = environment["DJANGO_SETTINGS_MODULE"]
    return python("-c", f"import {settings} as s; print(s.DATABASES)", **environment)


@pytest.fixture
def folder(tmp_path):
    return {"DATA_DIR": str(tmp_path / "datos")}


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_named(folder, change, sentence):
    done = load(DEVELOPMENT | folder | change)

    assert done.returncode == 1
    assert f"ImproperlyConfigured: {sentence}" in done.stderr or sentence in done.stderr
    assert "secreta" not in done.stderr.rpartition("ImproperlyConfigured")[2]


@pytest.mark.parametrize(
    ("change", "sentence"), WRONG_IN_PRODUCTION.values(), ids=WRONG_IN_PRODUCTION
)
def test_production_does_not_start_without_what_it_needs(folder, change, sentence):
    done = load(PRODUCTION | folder | change)

    assert done.returncode == 1
    assert f"ImproperlyConfigured: {sentence}" in done.stderr


def test_the_right_values_are_taken(folder):
    assert load(DEVELOPMENT | folder).returncode == 0
    assert load(PRODUCTION | folder).returncode == 0


def test_development_keeps_everything_in_the_data_folder(tmp_path):
    databases = load(DEVELOPMENT | {"DATA_DIR": str(tmp_path)}).stdout

    for name in ("analytics", "ops_analytics", "ivr_legacy"):
        assert f"{tmp_path}/{name}.sqlite3" in databases


def test_beside_a_server_the_console_has_its_own_connection_to_the_same_database(folder):
    print_name = "print([s.DATABASES[a]['NAME'] for a in ('default', 'ops')], s.OPS_SHARES_DEFAULT)"
    module = PRODUCTION["DJANGO_SETTINGS_MODULE"]

    done = python("-c", f"import {module} as s; {print_name}", **PRODUCTION | folder)

    assert done.stdout == "['iact_analytics', 'iact_analytics'] True\n"


def test_the_deployment_check_finds_nothing(folder):
    words = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    done = python(*words, **PRODUCTION | folder)

    assert done.returncode == 0, done.stderr


def test_the_deployment_check_would_find_something(folder):
    words = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    done = python(*words, **PRODUCTION | folder | {"SECURE_SSL_REDIRECT": "false"})

    assert done.returncode == 1
    assert "security.W008" in done.stderr


def test_the_folder_of_tests_that_were_killed_goes_with_the_next_ones(tmp_path):
    places = {"TMPDIR": str(tmp_path), "TEST_FOLDER": None}
    ours = tmp_path / f"console-tests-{os.getpid()}-x"
    ours.mkdir()
    loaded = "import os, callcentersite.settings.test; "
    killed = python("-c", f"{loaded} os.kill(os.getpid(), 9)", **places)
    left = set(tmp_path.iterdir()) - {ours}

    python("-c", loaded, **places)

    assert (killed.returncode, len(left)) == (-9, 1)
    assert list(tmp_path.iterdir()) == [ours]
