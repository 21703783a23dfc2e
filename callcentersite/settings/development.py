"""One machine, no services: SQLite files under .data/, a worker beside the web server."""

import os

from .env import DATA_DIR

DATA_DIR.mkdir(parents=True, exist_ok=True)
# Mail is written to the terminal.
os.environ.setdefault("EMAIL_URL", "consolemail://")
os.environ.setdefault("LEGACY_DATABASE_URL", f"sqlite:///{DATA_DIR}/ivr_legacy.sqlite3")

from .base import *

DEBUG = True
SECRET_KEY = SECRET_KEY or "solo-para-desarrollo-no-es-un-secreto-0000000000000000000"
ALLOWED_HOSTS = ["*"]
# runserver finds the static files itself; whitenoise wants them collected.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
ALLOW_TEST_DATA = True
