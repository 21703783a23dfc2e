"""What is copied to a server: units that stop as django-q2 must be stopped, the guide's crontab."""

import logging
import os
import re
import runpy
import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import get_commands, load_command_class

from callcentersite.apps.common.guide_programmes import GUIDE
from opsconsole import registry
from opsconsole.selectors.queue import Verdict

pytestmark = pytest.mark.once

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
ROOT = DEPLOY.parent
COMPOSE = (ROOT / "compose.yaml").read_text()
GUNICORN = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
ENTRY = re.compile(r"^([\d*][^a-z]*?)\s+(\w+)\s+\S+/run\.sh (\w+) (.+)$", re.MULTILINE)
DECLARED = re.compile(r"^#   python manage\.py (console expect .+)$", re.MULTILINE)


def unit(name):
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    assert parser.read(DEPLOY / "systemd" / name)
    return parser


def understood(line):
    """Whether ``manage.py`` takes the line as it is written."""
    name, *words = shlex.split(line)
    load_command_class(get_commands()[name], name).create_parser("manage.py", name).parse_args(
        words
    )


def longest_grace():
    return max(operation.grace_seconds for operation in registry.everything())


def test_the_workers_are_stopped_by_their_main_process_alone_and_have_time_for_it():
    service = unit("consola-worker.service")["Service"]

    assert service["KillMode"] == "mixed"
    assert service["KillSignal"] == "SIGTERM"
    assert int(service["TimeoutStopSec"]) > longest_grace() + 60
    assert (service["Restart"], service["OOMPolicy"]) == ("always", "continue")
    assert service["ExecStart"].endswith("manage.py qcluster")
    assert service["ExecStartPre"].endswith("manage.py migrate --check")


def test_the_web_server_answers_what_it_has_begun():
    service = unit("consola-web.service")["Service"]
    grace = re.search(r"\n  web:.*?stop_grace_period: (\d+)s", COMPOSE, re.DOTALL)

    assert service["KillMode"] == "mixed"
    assert int(service["TimeoutStopSec"]) > GUNICORN["graceful_timeout"]
    assert int(grace[1]) > GUNICORN["graceful_timeout"]
    assert "--bind 127.0.0.1:" in service["ExecStart"]


def test_no_access_log_says_what_was_looked_for():
    written = GUNICORN["access_log_format"]
    served = logging.getLogger("django.server")
    asked = "GET /admin/analytics/call/?q=5538174172 HTTP/1.1"
    record = served.makeRecord(served.name, 20, "", 0, '"%s" %s', (asked, "200"), None)

    assert served.filter(record)
    assert record.getMessage() == '"GET /admin/analytics/call/ HTTP/1.1" 200'
    # Request line, query and referer, in gunicorn's words.
    assert not set(re.findall(r"%\((\w+)\)s", written)) & {"r", "q", "f"}
    for started in (DEPLOY / "systemd" / "consola-web.service", ROOT / "Dockerfile"):
        text = started.read_text()
        assert "deploy/gunicorn.conf.py" in text
        assert "--access-logformat" not in text
    # Where gunicorn is started, the path leads to its file.
    assert unit("consola-web.service")["Service"]["WorkingDirectory"] == "/opt/consola"


def test_nothing_runs_as_root_but_the_restart_and_what_is_started_exists():
    services = sorted((DEPLOY / "systemd").glob("*.service"))

    for path in services:
        service = unit(path.name)["Service"]
        if path.name != "consola-worker-restart.service":
            assert (service["User"], service["NoNewPrivileges"]) == ("consola", "yes"), path.name
        for key in ("ExecStart", "ExecStartPre"):
            python, _name, line = service.get(key, "").partition("python manage.py ")
            if python.endswith("/") and line:
                understood(line)
    assert len(services) == 5
    assert unit("consola-watch.service")["Service"]["ExecStart"].endswith("deploy/health.py worker")


def test_each_timer_has_its_service_and_a_deaf_cluster_is_only_restarted_where_it_runs():
    for path in (DEPLOY / "systemd").glob("*.timer"):
        assert path.with_suffix(".service").exists()

    assert unit("consola-tick.timer")["Timer"]["OnCalendar"] == "minutely"
    restart = unit("consola-watch.service")["Unit"]["OnFailure"]
    assert "try-restart consola-worker.service" in unit(restart)["Service"]["ExecStart"]


def test_the_crontab_is_the_guides_and_every_line_of_it_is_understood():
    text = (DEPLOY / "cron" / "iact-django-commands").read_text()
    entries = {line.split()[0]: cron for cron, _user, _log, line in ENTRY.findall(text)}
    declared = DECLARED.findall(text)

    for line in [entry[3] for entry in ENTRY.findall(text)] + declared:
        understood(line)
    assert entries == {one.operation: one.cron for one in GUIDE} | {"console": "* * * * *"}
    assert {shlex.split(line)[2] for line in declared} == set(entries) - {"console"}
    assert {user for _cron, user, _log, _line in ENTRY.findall(text)} == {"consola"}


@pytest.fixture
def installation(tmp_path):
    """A folder with a python that says what it was given, and fails where it is told to."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$GREETING: $*"\nexit "${3:-0}"\n')
    python.chmod(0o755)
    (tmp_path / "consola.env").write_text("GREETING=hola\n")
    return os.environ | {
        "CONSOLE_HOME": str(tmp_path), "CONSOLE_ENV": str(tmp_path / "consola.env"),
        "CONSOLE_LOGS": str(tmp_path), "CONSOLE_LOCKS": str(tmp_path),
    }  # fmt: skip


def run(installation, *words):
    return subprocess.run([DEPLOY / "cron" / "run.sh", *words], env=installation, check=False)


def test_cron_runs_a_command_with_the_services_environment_one_at_a_time(installation, tmp_path):
    done = [run(installation, "etl", "run_etl"), run(installation, "etl", "run_etl", "3")]
    held = subprocess.run(
        ["flock", tmp_path / "consola-etl.lock", DEPLOY / "cron" / "run.sh", "etl", "run_etl"],
        env=installation,
        check=False,
    )

    log = (tmp_path / "etl.log").read_text()
    assert [one.returncode for one in (*done, held)] == [0, 3, 6]
    assert log.count("hola: manage.py run_etl\n") == 1
    assert log.count("== ") == 3


def test_the_containers_stop_as_the_units_do_and_keep_no_secret():
    dockerfile = (ROOT / "Dockerfile").read_text()
    minutes = int(re.search(r"qcluster.*?stop_grace_period: (\d+)m", COMPOSE, re.DOTALL)[1])

    assert minutes * 60 > longest_grace() + 60
    assert 'command: ["python", "manage.py", "qcluster"]' in COMPOSE
    # One is not a password: it asks for a random one.
    assert re.findall(r"(?:PASSWORD|SECRET_KEY): (?!\$\{)\S+", COMPOSE) == ['PASSWORD: "1"']
    assert "\nUSER console\n" in dockerfile


@pytest.mark.parametrize(("code", "said"), [(0, ""), (1, "-s KILL -- -1"), (2, "")])
def test_a_container_whose_workers_take_nothing_is_ended_and_no_other(code, said):
    asks = re.search(r'CMD-SHELL", "(python deploy/health.py worker .+)"\]', COMPOSE)[1]
    pretended = f'python() {{ return {code}; }}; kill() {{ echo "$*"; }}; '

    done = subprocess.run(
        ["sh", "-c", pretended + asks.replace("$$", "$")], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.strip()) == (min(code, 1), said)
    assert unit("consola-watch.service")["Service"]["SuccessExitStatus"] == "2"


@pytest.mark.parametrize(
    ("seen", "answer"), [("DEAF DEAF BUSY", True), ("DEAF DEAF DEAF DEAF DEAF", False)]
)
def test_one_look_is_not_enough_to_take_the_workers_for_deaf(monkeypatch, seen, answer):
    states = (SimpleNamespace(verdict=Verdict[name]) for name in seen.split())
    monkeypatch.setattr("opsconsole.selectors.queue.queue_state", lambda: next(states))

    worker = runpy.run_path(str(DEPLOY / "health.py"))["worker"]

    assert worker(pause_seconds=0) is answer


def test_what_compose_sets_is_in_the_reference():
    environment = re.search(r"\n  environment:\n(.*?)\n  volumes:", COMPOSE, re.DOTALL)[1]
    names = re.findall(r"^    ([A-Z_]+):", environment, re.MULTILINE)

    reference = (ROOT / "docs" / "reference.md").read_text()

    assert "SECRET_KEY" in names
    assert [name for name in names if f"`{name}`" not in reference] == []
