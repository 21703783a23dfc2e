"""The environment, read once and typed: a wrong value stops the start with the variable's name."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

NO = frozenset({"false", "off", "n", "no", "0"})
LEAST_WORD = 20
Network = IPv4Network | IPv6Network
KINDS = {int: "un número entero", float: "un número", bool: "true o false"}


class TypedEnv(environ.Env):  # type: ignore[misc]
    """django-environ, whose errors say which variable they are about."""

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Read and cast; raise ImproperlyConfigured for what is not of that kind."""
        try:
            if cast is bool:
                self._require_boolean(var)
            return super().get_value(var, cast, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{var}: se esperaba {KINDS.get(cast, 'otro valor')}. "
                f"Corrija la variable de entorno {var}."
            ) from error

    def _require_boolean(self, var: str) -> None:
        """The library takes any unknown word for false, which would switch protection off."""
        text = self.ENVIRON.get(var, "0").strip().lower()
        if text not in NO.union(self.BOOLEAN_TRUE_STRINGS):
            raise ValueError(text)


env = TypedEnv()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()

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
        # Not the library's own words: they may hold a piece of the password.
        raise ImproperlyConfigured(
            f"{variable}: no es una URL de base de datos válida. Revise el puerto, y que los "
            "signos especiales de la contraseña estén codificados, como %2F por «/»."
        ) from error
    settings["ENGINE"] = ENGINES[scheme]
    return settings | connection_settings(settings)


def mail_settings(*, default: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for the URL in ``EMAIL_URL``.

    Accepts ``smtp://user:password@host:port`` (``smtp+tls://``, ``smtp+ssl://``) and
    ``consolemail://``. Raises ImproperlyConfigured, naming the variable, for anything else.
    """
    try:
        found: dict[str, Any] = env.email_url("EMAIL_URL", default=default)
    except (ImproperlyConfigured, ValueError, KeyError) as error:
        # Not the library's own words: they may hold a piece of the password.
        raise ImproperlyConfigured(
            "EMAIL_URL: se esperaba una URL smtp://, smtp+tls://, smtp+ssl:// o consolemail://. "
            "Corrija la variable de entorno EMAIL_URL."
        ) from error
    return found


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


def secret_word(variable: str) -> str:
    """A word that opens something, or nothing; raises ImproperlyConfigured for a guessable one."""
    word: str = env.str(variable, default="")
    if 0 < len(word) < LEAST_WORD:
        raise ImproperlyConfigured(
            f"{variable}: tiene menos de {LEAST_WORD} caracteres. Corrija la variable de entorno "
            f"{variable}."
        )
    return word


def networks(variable: str) -> list[Network]:
    """Addresses and networks, as ``10.0.0.7`` and ``10.0.0.0/8``, separated by commas."""
    try:
        return [ip_network(text.strip()) for text in env.list(variable, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{variable}: se esperaban direcciones o redes, como 10.0.0.7 o 10.0.0.0/8. "
            f"Corrija la variable de entorno {variable}."
        ) from error


def log_file() -> str:
    """Where the log goes besides the terminal: ``LOG_FILE``; empty for nowhere else.

    Raises ImproperlyConfigured, naming the variable, where nothing can be written.
    """
    path: str = env.str("LOG_FILE", default=str(DATA_DIR / "logs" / "console.log"))
    if not path:
        return ""
    folder = Path(path).resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(unwritable(folder)) from error
    if not os.access(folder, os.W_OK):
        raise ImproperlyConfigured(unwritable(folder))
    return path


def unwritable(folder: Path) -> str:
    """Why there can be no log file, and what to do."""
    return (
        f"LOG_FILE: no se puede escribir en {folder}. Corrija la variable de entorno LOG_FILE; "
        "vacía, solo se escribe en la salida."
    )


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
