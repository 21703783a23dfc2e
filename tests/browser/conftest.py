"""A real Chromium, a real web server, a real cluster, on the test's own databases."""

import os
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.apps import apps
from playwright.sync_api import sync_playwright

from opsconsole import registry
from opsconsole.permissions import create_run_permissions
from tests.faults.processes import Child, eventually
from tests.operations import EVERY

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS") or ROOT / ".data" / "screenshots")
PASSWORD = "clave-1"
# No run is lost here: on SQLite a profile's iteration holds the beats back while it lasts.
PATIENT = {"OPSCONSOLE_LOST_AFTER_SECONDS": "30"}
# A browser that asks nobody on the network for anything.
QUIET = (
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="package", autouse=True)
def beside_an_event_loop():
    """Playwright keeps a loop in this thread; Django would refuse to be called beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def chromium():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "chromium is missing; requirements/apt.txt names the package"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", *QUIET]
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def test_operations(transactional_db):
    for cls in EVERY:
        registry.register(cls)
    create_run_permissions(apps.get_app_config("opsconsole"), using="default")
    yield
    for cls in EVERY:
        registry.unregister(cls.name)


@pytest.fixture
def start(transactional_db, tmp_path):
    children = []

    def start(*words):
        child = Child(*words, log=tmp_path / f"{words[0]}.log", **PATIENT)
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill_all()


@pytest.fixture(scope="package")
def web(django_db_setup, tmp_path_factory):
    """A web server for all of these tests, which find it as a day's visitors would."""
    port = free_port()
    # Threads and static files as in development, with the settings of the tests.
    words = ("runserver", f"127.0.0.1:{port}", "--noreload", "--insecure")
    child = Child(*words, log=tmp_path_factory.mktemp("web") / "web.log", **PATIENT)
    child.address = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(f"{child.address}/admin/login/"), what=lambda: child.output)
    yield child
    child.kill_all()


@pytest.fixture
def server(web, transactional_db):
    """Its address."""
    return web.address


@pytest.fixture
def cluster(start):
    """A cluster with two workers, ready."""
    child = start("qcluster")
    eventually(lambda: child.output.count("ready for work") >= 2, what="a ready cluster")
    return child


@pytest.fixture
def operator(transactional_db, django_user_model):
    """May do everything; the rights have tests of their own."""
    return django_user_model.objects.create_superuser("operadora.1", password=PASSWORD)


@pytest.fixture
def visit(chromium, server, operator):
    """Open a page as the operator, as ``user=…``, or as nobody: ``visit("/admin/", width=500)``.

    Anything that the browser complains about, a refused inline style say, fails the test.
    """
    contexts, complaints = [], []

    def visit(path, *, user="operadora.1", width=1440, dark=False, script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 1000},
            color_scheme="dark" if dark else "light",
            locale="es-MX",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complains(said) and complaints.append(said.text))
        page.goto(f"{server}/admin/login/?next={path}")
        if user is not None:
            log_in(page, user)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


def complains(said):
    """Whether the browser complains; a page that answers 4xx or 503 is an answer."""
    return said.type == "error" and "the server responded with a status of" not in said.text


def log_in(page, user):
    page.fill("#id_username", user)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


def keep(page, name):
    """Keep a picture of the whole page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
