"""Processes of the product as a person starts them: own environment, own data folder."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "OPS_DATABASE_URL", "LEGACY_DATABASE_URL")
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "callcentersite.settings.production",
    "SECRET_KEY": "una-clave-larga-que-solo-vale-para-esta-prueba-0123456789-abcdef",
    "ALLOWED_HOSTS": "consola.example.com",
    "DATABASE_URL": "postgres://consola:x@db.example.com/iact_analytics",
    "LEGACY_DATABASE_URL": "mysql://consola:x@ivr.example.com/ivr_legacy",
}


def environment(**changes):
    """This process's environment without what the tests set; a change to None takes out more."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {name: value for name, value in (kept | changes).items() if value is not None}


def python(*words, timeout=60, **changes):
    """Run ``python …`` in the project's folder, and return what came of it."""
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=ROOT, timeout=timeout,
        env=environment(**changes), check=False,
    )  # fmt: skip


def processes_with(name, value):
    """The living processes whose environment has that variable with that value."""
    return [process for process in psutil.process_iter() if has(process, name, value)]


def has(process, name, value):
    try:
        return process.environ().get(name) == value
    except (psutil.Error, OSError):
        return False
