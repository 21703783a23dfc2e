"""The environment, read once and typed: a wrong value stops the start with the variable's name."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = BASE_DIR / ".data"

env = environ.Env()

SQLITE_OPTIONS: dict[str, Any] = {
    # Take the write lock when a transaction begins: a DEFERRED one fails where it should wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}

ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "mysql": "django.db.backends.mysql",
    "mariadb": "django.db.backends.mysql",
}


def database(variable: str, *, default: str | None = None) -> dict[str, Any]:
    """Return the Django database settings for the URL in ``variable``.

    Accepts ``sqlite:///path``, ``postgres://user:password@host:port/name`` and
    ``mysql://`` / ``mariadb://`` of the same form. Raises ImproperlyConfigured, naming the
    variable, when it is missing or not such a URL.
    """
    url = env.str(variable, default=default or "")
    scheme = url.partition(":")[0]
    if scheme not in ENGINES or "://" not in url:
        raise ImproperlyConfigured(
            f"{variable}: se esperaba una URL sqlite:///, postgres:// o mysql://; se leyó el "
            f"esquema «{scheme or 'vacío'}». Corrija la variable de entorno {variable}."
        )
    try:
        settings = dict(environ.Env.db_url_config(url.replace("mariadb://", "mysql://", 1)))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{variable}: no es una URL de base de datos válida ({error})."
        ) from error
    settings["ENGINE"] = ENGINES[scheme]
    return settings | connection_settings(settings)


def connection_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """What every connection of this engine needs (docs/why.md says why)."""
    options = dict(settings.get("OPTIONS", {}))
    engine = settings["ENGINE"].rpartition(".")[2]
    if engine == "sqlite3":
        return {"OPTIONS": SQLITE_OPTIONS | options}
    if engine == "mysql":
        options = {"charset": "utf8mb4", "connect_timeout": 10} | options
    else:
        options = {"connect_timeout": 10} | options
    return {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def same_database(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two aliases lead to one and the same database."""
    return all(one.get(key) == other.get(key) for key in ("ENGINE", "NAME", "HOST", "PORT"))


def ops_database(default: dict[str, Any]) -> dict[str, Any]:
    """The console's own alias: ``OPS_DATABASE_URL``, else beside ``default``.

    Beside a SQLite file that is a second file, because one file has one writer and an open
    transaction of an operation would block its own log. Beside a server database it is a second
    connection to the same database.
    """
    if env.str("OPS_DATABASE_URL", default=""):
        return database("OPS_DATABASE_URL")
    if default["ENGINE"].endswith("sqlite3"):
        path = Path(str(default["NAME"]))
        return default | {"NAME": str(path.with_name(f"ops_{path.name}"))}
    return dict(default)
