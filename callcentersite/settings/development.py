"""One machine, no services: SQLite files under .data/, a worker beside the web server."""

import os

from .env import DATA_DIR

DATA_DIR.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("LEGACY_DATABASE_URL", f"sqlite:///{DATA_DIR}/ivr_legacy.sqlite3")

from .base import *

DEBUG = True
SECRET_KEY = SECRET_KEY or "solo-para-desarrollo-no-es-un-secreto-0000000000000000000"
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where it is missing
ALLOW_TEST_DATA = True
