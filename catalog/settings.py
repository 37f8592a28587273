"""Django's settings; what differs from place to place is read in catalog/environment.py."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from catalog.environment import read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment(BASE_DIR)

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins
PUBLIC_URL = ENVIRONMENT.public_url
REGISTRY_URL = ENVIRONMENT.registry_url
REGISTRY_INTERVAL = ENVIRONMENT.registry_interval
REFRESH_SCHEDULE = ENVIRONMENT.refresh_schedule

INSTALLED_APPS = [
    "catalog.apps.CatalogConfig",
    "trials.apps.TrialsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tree_queries",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "catalog.cors.ReadableByAll",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "catalog.headers.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "catalog.compression.Compression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "catalog.language.LanguageFromAddress",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "catalog.nul.NoNul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "catalog.sessions.IdleSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "catalog.in_step.KeptInStep",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "catalog.urls"
WSGI_APPLICATION = "catalog.wsgi.application"
ASGI_APPLICATION = "catalog.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "catalog.context.data_as_of",
            ],
        },
    },
]

# --- Databases and cache

DATABASES: dict[str, dict[str, Any]] = {"default": ENVIRONMENT.database}
if ENVIRONMENT.replica:
    DATABASES["replica"] = ENVIRONMENT.replica
    DATABASE_ROUTERS = ["catalog.replica.ReplicaRouter"]
    MIDDLEWARE.insert(0, "catalog.replica.ReplicaForVisitors")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": ENVIRONMENT.cache,
    # What {% cache %} keeps: parts of pages that are the same for all readers of a language. Each
    # process has its own, for it knows its own templates; while they are edited nothing is kept.
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{'dummy.Dummy' if DEBUG else 'locmem.LocMem'}Cache",
        "LOCATION": "template_fragments",
        "TIMEOUT": None,
    },
}

# --- Tasks: kept in the database, taken by `manage.py work`

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
FRESHNESS_KEPT = 15  # seconds for which a process tells visitors what it last read of the refresh

# --- Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "catalog" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True

# --- Static files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Files of the whole catalogue, made by `manage.py export`

EXPORTS = BASE_DIR / "var" / "exports"

# --- Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # the arrows in the API page's stylesheet are data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked by plain http from the same machine
# Gunicorn speaks http alone, so an https site has a proxy in front, which says where visitors are.
BEHIND_PROXY = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# W005, W021: whether the other names of the operator's domain speak https is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes; only the admin takes data
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a trial with 500 sites is one form in the admin

# --- Logging in

# The first writes; all read, and a password is hashed anew by the first at the next log-in.
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}"
    for name in (
        "Argon2PasswordHasher",
        "PBKDF2PasswordHasher",
        "PBKDF2SHA1PasswordHasher",
        "ScryptPasswordHasher",
    )
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses who is locked out
    "django.contrib.auth.backends.ModelBackend",
]
# By address alone: by name, anybody could lock a curator out.
AXES_LOCKOUT_PARAMETERS = ["ip_address"]
AXES_CLIENT_IP_CALLABLE = "catalog.visitors.address_of"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # thirty minutes are thirty minutes
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_DISABLE_ACCESS_LOG = True  # where and when people logged in is not ours to keep
AXES_ENABLE_ADMIN = False  # its lists speak English alone, and a lock ends by itself
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Stem-cell trials"  # what an app calls the account
SESSION_COOKIE_AGE = 8 * 3600  # seconds without a request, after which one logs in again
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # readers who report an error get it too: it ends with the browser
CSRF_COOKIE_SAMESITE = "Lax"

# --- Readers' reports: the one form that a visitor may send

REPORTS_AN_HOUR_FROM_ONE_ADDRESS = 6
REPORTS_AN_HOUR = 200  # from everybody together: more is no reader's
REPORT_MOST_LINKS = 2
REPORT_LEAST_SECONDS = 3  # for which the form was open: nobody writes faster
REPORT_MOST_SECONDS = 24 * 3600

# --- The API

SOFTWARE_VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"][
    "version"
]
API_RATE_LIMIT = ENVIRONMENT.api_rate_limit  # requests a minute from one address; 0: any number
API_WORDS = """\
Stem-cell trials for joints, cartilage and spine: read-only, without login, for pages of any site.

**Strict.** Parameters that are not listed here are refused, and so are values that are not known:
`application/problem+json` names each, what was wrong, the nearest right one and those there are.

**Whole lists.** Begin with `cursor=` (empty) and follow `next` until it is null: right at any
depth, and while trials change. `page` reaches 10,000 trials deep. `fields` thins, `include`
thickens.

**Nothing twice.** Answers have an `ETag`. Send it back as `If-None-Match`: 304 says that what you
have still holds, and does not count as a request.

**How often.** One address may make {rate}. Each answer says what is left of them (`RateLimit`,
`RateLimit-Policy`); beyond that the answer is 429, and `Retry-After` says when to go on.
"""
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["catalog.api.rendering.Json"],
    # Read-only and for everyone: no login, so no cookie can change what the API answers.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "catalog.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "catalog.api.errors.answer_problem",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is an unknown parameter like any other
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Stem-cell trials",
    "DESCRIPTION": API_WORDS.format(
        rate=f"{API_RATE_LIMIT} requests a minute" if API_RATE_LIMIT else "any number of requests"
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],  # the one there is gives closed lists names that nobody chose
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # `spectacular --fail-on-warn` looks more closely
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Logging: plain lines on standard error

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    # Django's own handlers would print a line twice, and write to administrators by mail.
    "loggers": {
        "django": {"handlers": [], "level": ENVIRONMENT.log_level},
        # It would tell of every look into an empty queue; what became of a task, another one tells.
        "django_tasks_db": {"level": "WARNING"},
        "axes": {"level": "WARNING"},  # it would tell of every log-in
    },
}
