"""Settings that hold everywhere; each environment adds its own on top."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.profiling.domain.phases import Phases
from callcentersite.apps.common.profiling.rules import may_look

from .env import (
    BASE_DIR,
    DATA_DIR,
    database,
    env,
    log_file,
    mail_settings,
    networks,
    ops_database,
    same_database,
    secret_word,
)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
# What signs the audit's chain: the first signs, all verify. Empty: SECRET_KEY and its fallbacks.
AUDIT_KEYS: list[str] = env.list("AUDIT_KEYS", default=[])

INSTALLED_APPS = [
    "callcentersite.apps.users",
    "callcentersite.apps.analytics",
    "callcentersite.apps.etl",
    "callcentersite.apps.configuration",
    "callcentersite.apps.access",
    "callcentersite.apps.monitoring",
    "callcentersite.apps.reports",
    "callcentersite.apps.archive",
    "callcentersite.apps.audit",
    "callcentersite.apps.notifications",
    "callcentersite.apps.integrations",
    "callcentersite.apps.samples",
    "callcentersite.data_centralization",
    "callcentersite.apps.integrity",
    "callcentersite.apps.common",
    "opsconsole",
    "opsconsole.admin.apps.ConsoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "import_export",
    "axes",
    "silk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "opsconsole.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "opsconsole.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "callcentersite.apps.common.acting.ActorMiddleware",
    "callcentersite.apps.common.profiling.recording.ProfilingMiddleware",
    "callcentersite.apps.audit.asking.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "callcentersite.apps.configuration.idle.IdleSessionMiddleware",
    "callcentersite.apps.configuration.maintenance.MaintenanceMiddleware",
    "callcentersite.apps.users.password_gate.PasswordGateMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last: it answers in place of the login page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "callcentersite.urls"
CSRF_FAILURE_VIEW = "callcentersite.apps.common.error_pages.stale_form"
WSGI_APPLICATION = "callcentersite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

# Databases: docs/why.md tells what each alias holds.
default = database("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/analytics.sqlite3")
DATABASES = {"default": default, "ops": ops_database(default)}
OPS_SHARES_DEFAULT = same_database(DATABASES["default"], DATABASES["ops"])
if env.str("LEGACY_DATABASE_URL", default=""):
    DATABASES["legacy"] = database("LEGACY_DATABASE_URL")
for _alias, _settings in DATABASES.items():
    if "pool" in _settings["OPTIONS"]:
        raise ImproperlyConfigured(
            f"DATABASES[{_alias!r}]: quite la opción «pool»: un pool compartido entre procesos "
            "hijos corrompe la cola de tareas."
        )
# The IVR's own SQL mode is not ours to set, and its rows are only read.
SILENCED_SYSTEM_CHECKS = ["mysql.W002"]
DATABASE_ROUTERS = ["callcentersite.routers.AliasRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What the clusters report of themselves; every process must see it.
    "q2": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "opsconsole_q2_cache",
    },
}

# stack: one message carries one integer; deadlines, attempts and endings belong to JobRun.
Q_CLUSTER = {
    "name": "ops",
    "label": _("Cola"),
    "orm": "ops",
    "cache": "q2",
    "workers": env.int("Q_WORKERS", default=2),
    "queue_limit": 1,
    "bulk": 1,
    "timeout": 6 * 3600,
    "retry": 6 * 3600 + 900,
    "ack_failures": True,
    "max_attempts": 1,
    "recycle": 50,
    "max_rss": 600_000,
    "save_limit": 200,
    "catch_up": False,
    # The engine launches the programmes itself: DECISIONS.md says why.
    "scheduler": False,
    "poll": 0.2,
    "guard_cycle": 1,
    "ALT_CLUSTERS": {},
}
# On PostgreSQL tasks are heard of at once; on SQLite django-q2's own broker polls for them.
if DATABASES["ops"]["ENGINE"].endswith("postgresql"):
    Q_CLUSTER["broker_class"] = "opsconsole.broker.ListeningBroker"

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    # First: whoever failed too often is asked nothing more.
    "callcentersite.apps.access.lockout.LockoutBackend",
    # Before Django's: what an exception revokes stays revoked, and a database error is a no.
    "callcentersite.apps.users.backends.CapacidadBackend",
    "django.contrib.auth.backends.ModelBackend",
]

# Failed logins lock an account from an address; how many and for how long is configured.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "callcentersite.apps.access.lockout.failure_limit"
AXES_COOLOFF_TIME = "callcentersite.apps.access.lockout.cool_off"
AXES_LOCKOUT_CALLABLE = "callcentersite.apps.access.lockout.refusal_page"
AXES_CLIENT_IP_CALLABLE = "callcentersite.apps.access.addresses.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # nobody prolongs another's lock
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False  # access.admin shows them
AXES_VERBOSE = False
# How many proxies of ours add the address that they saw to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    # Length, capitals, digits and signs: what the settings seguridad.password_* ask.
    {"NAME": "callcentersite.apps.configuration.password_validation.ConfiguredPasswordValidator"},
    {"NAME": "callcentersite.apps.users.passwords.AnotherPasswordValidator"},
]
LOGIN_URL = "admin:login"

# The library's own pages are open to whoever may look; ours (common.interchange) never are.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True
# How many rows an export may have: a function, by its dotted path.
EXPORT_ROW_LIMIT = "callcentersite.apps.configuration.exports.most_rows"
# How large a file may be that a run imports.
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=1_000_000)
IMPORT_MAX_MEGABYTES = env.int("IMPORT_MAX_MEGABYTES", default=200)

# Recording of requests, while sistema.enable_profiling is on; read by superusers only.
PROFILING = Phases(
    minutes=env.int("PROFILING_MINUTES", default=15),
    sample_percent=env.float("PROFILING_SAMPLE_PERCENT", default=5.0),
)
SILKY_AUTHENTICATION = True
SILKY_AUTHORISATION = True
SILKY_PERMISSIONS = may_look
SILKY_PYTHON_PROFILER = False
SILKY_ANALYZE_QUERIES = False  # it would do every UPDATE twice
SILKY_META = False
SILKY_MAX_REQUEST_BODY_SIZE = 0
SILKY_MAX_RESPONSE_BODY_SIZE = 0
SILKY_MAX_RECORDED_REQUESTS = 2_000
SILKY_MAX_RECORDED_REQUESTS_CHECK_PERCENT = 0  # profiling.storing does it, outside of requests
SILKY_SENSITIVE_KEYS = {
    "username", "api", "token", "key", "secret", "password", "signature", "contraseña", "clave",
    "x-csrftoken", "x-api-key", "referer",
}  # fmt: skip

# Mail leaves in ticks of the workers, which have other duties: nobody is waited for long.
vars().update(mail_settings(default="smtp://localhost:25"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="consola@localhost")
# Dotted path of a class with send(user=…, text=…); without one, SMS cannot be switched on.
SMS_PROVIDER = env.str("SMS_PROVIDER", default="")

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "callcentersite" / "locale", BASE_DIR / "opsconsole" / "locale"]
TIME_ZONE = "America/Mexico_City"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "callcentersite.formats"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(DATA_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Nothing from elsewhere and nothing inline, on every page.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
# Load balancers and Prometheus ask by plain HTTP, from beside the process.
SECURE_REDIRECT_EXEMPT = ["^health/", "^metrics$"]

LOG_FILE = log_file()
LOG_HANDLERS = ["console", "file"] if LOG_FILE else ["console"]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "opsconsole.logs.MaskedFormatter",
            "format": "{asctime} {levelname} {process} {name} {message}",
            "style": "{",
        },
    },
    "filters": {
        "no_bells": {"()": "opsconsole.logs.NoBells"},
        "path_only": {"()": "opsconsole.logs.PathOnly"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": LOG_HANDLERS, "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django-q": {
            "handlers": LOG_HANDLERS,
            "level": env.str("Q_LOG_LEVEL", default="INFO"),
            "filters": ["no_bells"],
            "propagate": False,
        },
        # runserver's access log; gunicorn.conf.py says the same of gunicorn's.
        "django.server": {
            "handlers": ["console"],
            "level": "INFO",
            "filters": ["path_only"],
            "propagate": False,
        },
    },
}
if LOG_FILE:
    LOGGING["handlers"]["file"] = {
        # As large as sistema.max_log_file_size says; several processes write to it.
        "class": "callcentersite.apps.configuration.log_file.SizedLogFile",
        "formatter": "plain",
        "filename": LOG_FILE,
        "backupCount": env.int("LOG_FILES_KEPT", default=5),
        "encoding": "utf-8",
        "chmod": 0o640,
    }

# The engine; opsconsole.conf.DEFAULTS says what each one means.
OPSCONSOLE = {
    "BEAT_SECONDS": env.float("OPSCONSOLE_BEAT_SECONDS", default=0.5),
    "LOST_AFTER_SECONDS": env.float("OPSCONSOLE_LOST_AFTER_SECONDS", default=30.0),
    "RING_AGAIN_SECONDS": env.float("OPSCONSOLE_RING_AGAIN_SECONDS", default=60.0),
    "TICK_SECONDS": env.float("OPSCONSOLE_TICK_SECONDS", default=10.0),
    "MAX_DEATHS": env.int("OPSCONSOLE_MAX_DEATHS", default=3),
    "MISSED_AFTER_SECONDS": env.float("OPSCONSOLE_MISSED_AFTER_SECONDS", default=300.0),
    "CANARY_SECONDS": env.float("OPSCONSOLE_CANARY_SECONDS", default=60.0),
    "CANARY_LATE_SECONDS": env.float("OPSCONSOLE_CANARY_LATE_SECONDS", default=100.0),
    "MAX_LOG_LINES": env.int("OPSCONSOLE_MAX_LOG_LINES", default=100_000),
    "APPROVAL_RULE": "callcentersite.apps.users.approval_rule.waits_for_second_person",
    "RUN_LINKS": "callcentersite.apps.common.profiling.links.links_of",
    "EXPLAIN_ACCESS": "callcentersite.apps.users.whocan.explain",
    "SITE_URL": env.str("SITE_URL", default="http://127.0.0.1:8000"),
    "LEAST_LEVEL": "callcentersite.apps.configuration.runs.least_level",
    "SHOW_TRACEBACKS": "callcentersite.apps.configuration.runs.shows_tracebacks",
    "MASK_PATTERNS": "callcentersite.apps.common.masks.PATTERNS",
    "VERBS": {"audit": "callcentersite.apps.audit.management.verb.AuditVerb"},
}

# Who may read /metrics: whoever has the token, or asks from one of these networks. With neither,
# nobody.
METRICS_TOKEN = secret_word("METRICS_TOKEN")
METRICS_NETWORKS = networks("METRICS_NETWORKS")

# Hosts of our own network to which webhooks may be sent, by http as well.
WEBHOOK_ALLOWED_HOSTS: list[str] = env.list("WEBHOOK_ALLOWED_HOSTS", default=[])
# Whether whoever measures code has to say what for.
PROFILING_NEEDS_REASON = False

# Whether demo data may be written into the legacy database.
ALLOW_TEST_DATA = False
