"""Tests: SQLite files in a throwaway folder, or the servers that TEST_*_URL name."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psutil

FOLDERS = "console-tests-"


def sweep() -> None:
    """Remove the folders of processes that are gone: some are killed, and mypy just leaves."""
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*-*"):
        pid = left.name.removeprefix(FOLDERS).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


if "TEST_FOLDER" not in os.environ:  # else this is a process of somebody's test, and the folder too
    sweep()
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix=f"{FOLDERS}{os.getpid()}-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
FOLDER = Path(os.environ["TEST_FOLDER"])

for _name, _file in (("DATABASE_URL", "analytics"), ("LEGACY_DATABASE_URL", "ivr_legacy")):
    os.environ[_name] = os.environ.get(f"TEST_{_name}") or f"sqlite:///{FOLDER}/{_file}.sqlite3"
os.environ["LOG_FILE"] = str(FOLDER / "logs" / "console.log")
os.environ["OPS_DATABASE_URL"] = os.environ.get("TEST_OPS_DATABASE_URL", "")

from .base import *

SECRET_KEY = "solo-para-pruebas-no-es-un-secreto-00000000000000000000000000"
ALLOWED_HOSTS = ["*"]
ALLOW_TEST_DATA = True
MEDIA_ROOT = str(FOLDER / "media")
STATIC_ROOT = FOLDER / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Test databases are files too: threads and worker processes must reach them.
for _alias, _settings in DATABASES.items():
    if _settings["ENGINE"].endswith("sqlite3"):
        _settings["TEST"] = {
            "NAME": str(Path(_settings["NAME"]).with_name(f"test_{_alias}.sqlite3"))
        }

# Worker processes of the fault tests know the tests' own operations.
if os.environ.get("TEST_OPERATIONS"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests"]
