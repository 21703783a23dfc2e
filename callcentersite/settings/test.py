"""Tests: SQLite files in a throwaway folder, or the servers that TEST_*_URL name."""

import os
import tempfile
from pathlib import Path

FOLDER = Path(os.environ.setdefault("TEST_FOLDER", tempfile.mkdtemp(prefix="console-tests-")))

for _name, _file in (("DATABASE_URL", "analytics"), ("LEGACY_DATABASE_URL", "ivr_legacy")):
    os.environ[_name] = os.environ.get(f"TEST_{_name}") or f"sqlite:///{FOLDER}/{_file}.sqlite3"
os.environ["OPS_DATABASE_URL"] = os.environ.get("TEST_OPS_DATABASE_URL", "")

from .base import *  # noqa: E402,F403

SECRET_KEY = "solo-para-pruebas-no-es-un-secreto-00000000000000000000000000"
ALLOWED_HOSTS = ["*"]
ALLOW_TEST_DATA = True
MEDIA_ROOT = str(FOLDER / "media")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Test databases are files too: threads and worker processes must reach them.
for _alias, _settings in DATABASES.items():  # noqa: F405
    if _settings["ENGINE"].endswith("sqlite3"):
        _settings["TEST"] = {
            "NAME": str(Path(_settings["NAME"]).with_name(f"test_{_alias}.sqlite3"))
        }

# Worker processes of the fault tests know the tests' own operations.
if os.environ.get("TEST_OPERATIONS"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests"]  # noqa: F405
