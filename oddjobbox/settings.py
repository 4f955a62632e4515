"""All settings, read from the environment; a ``.env`` file beside manage.py fills in the rest.

README.md lists every variable in one table. Everything is closed until it is opened.
"""

import os
import warnings
from email.utils import formataddr
from pathlib import Path
from typing import Any

from corsheaders.defaults import default_headers

from oddjobbox import origins
from oddjobbox.environment import Environment, refuse
from oddjobbox.schema import DOCUMENT

BASE_DIR = Path(__file__).resolve().parent.parent
environment = Environment(BASE_DIR / ".env")

# --- Secrets and mode -----------------------------------------------------------------

DEBUG = environment.flag("DEBUG")
# Django's test runner turns DEBUG off before it runs the system checks.
DEBUG_AT_START = DEBUG
SECRET_KEY = environment.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
if not SECRET_KEY:
    refuse(
        "SECRET_KEY is not set. Set it to 32 or more random bytes, for example the output of: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )

# --- Processes ------------------------------------------------------------------------

PORT = environment.number("PORT", 8000, minimum=1, maximum=65535)
CORES = os.cpu_count() or 1
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", 2 if DEBUG else CORES, minimum=1, maximum=1000)

# --- Hosts, proxies, browsers ---------------------------------------------------------

# The path in front of every other, where a proxy shows the server below one.
FORCE_SCRIPT_NAME = environment.prefix("SCRIPT_NAME") or None
PREFIX = FORCE_SCRIPT_NAME or ""
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
FRONTEND_URL = environment.url("FRONTEND_URL", "http://localhost:5173")

TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0, minimum=0, maximum=10)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

_origins = environment.origins("CORS_ALLOWED_ORIGINS")
CORS_ALLOWED_ORIGINS = [origin for origin in _origins if not origins.is_pattern(origin)]
CORS_ALLOWED_ORIGIN_REGEXES = [origins.regex(origin) for origin in _origins if origins.is_pattern(origin)]
if DEBUG:
    CORS_ALLOWED_ORIGIN_REGEXES.append(r"^https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?\Z")
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [*default_headers, "x-device", *environment.tokens("CORS_ALLOWED_HEADERS")]
CORS_EXPOSE_HEADERS = ["Retry-After", "WWW-Authenticate"]

# Plain HTTP is never redirected: the proxy in front does that, and a POST that was answered
# with 301 has already leaked its password.
SECURE_SSL_REDIRECT = False
# Sent on TLS connections only.
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Of the admin's pages; a widget with inline scripts needs another one, or None.
ADMIN_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Cookies know hosts and no ports. In DEBUG the names of cookies carry a port that was chosen, so that two
# installations on localhost do not sign each other out.
_prefix = f"oddjobbox_{PORT}" if DEBUG and PORT != 8000 else "oddjobbox"
COOKIE_PREFIX = environment.token("COOKIE_PREFIX", _prefix)
if COOKIE_PREFIX != "oddjobbox":
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}_sessionid", f"{COOKIE_PREFIX}_csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True

# --- The application ------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "authentication",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "authentication.middleware.ApiGuard",
    "oddjobbox.frontend.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "authentication.middleware.BearerUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Django's default also signs and reads a cookie, which costs every request 20 µs.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
ROOT_URLCONF = "oddjobbox.urls"
WSGI_APPLICATION = "oddjobbox.wsgi.application"
# Both forms of every path are routed, so nothing is redirected.
APPEND_SLASH = False
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database -------------------------------------------------------------------------

DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{BASE_DIR}/db.sqlite3")}
_database = DATABASES["default"]
_database.setdefault("OPTIONS", {})
# Connections are kept open, unless the URL says `?conn_max_age=0`. One that has become useless, because
# the server has closed it or the file was replaced, is noticed before it is used.
_database.setdefault("CONN_MAX_AGE", None)
_database.setdefault("CONN_HEALTH_CHECKS", True)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["ENGINE"] = "oddjobbox.sqlite"
    # Writers queue up for the lock instead of failing, and readers are never blocked.
    _database["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _database["ENGINE"] = "oddjobbox.postgresql"
    _database["OPTIONS"].setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Accounts -------------------------------------------------------------------------

AUTH_USER_MODEL = "authentication.User"
AUTHENTICATION_BACKENDS = ["authentication.backends.UsernameOrEmailBackend"]
PASSWORD_HASHERS = [
    "authentication.users.hashing.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
ARGON2_MEMORY_KIB = environment.number("ARGON2_MEMORY_KIB", 19_456, minimum=1024, maximum=1_048_576)
ARGON2_ITERATIONS = environment.number("ARGON2_ITERATIONS", 2, minimum=1, maximum=100)
ARGON2_PARALLELISM = environment.number("ARGON2_PARALLELISM", 1, minimum=1, maximum=64)
# In each worker. A hash takes a core and 19 MiB, so all workers together compute one for each core.
HASHES_AT_ONCE = max(1, CORES // WEB_CONCURRENCY)
PASSWORD_MIN_LENGTH = environment.number("PASSWORD_MIN_LENGTH", 8, minimum=8, maximum=128)
_VALIDATION = "django.contrib.auth.password_validation"
_VALIDATORS = "authentication.users.password_validators"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH}},
    {"NAME": f"{_VALIDATORS}.MaximumLengthValidator"},
    # Django's CommonPasswordValidator with a longer list.
    {"NAME": f"{_VALIDATORS}.BreachedPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    # The words of these are the names of the site.
    {
        "NAME": f"{_VALIDATORS}.PredictablePasswordValidator",
        "OPTIONS": {"names": ("oddjobbox", FRONTEND_URL)},
    },
]
# Usernames are unique whatever their case, by a constraint on LOWER(username). The check
# looks for `unique=True` only, which would add a second index that no query uses.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# --- Tokens and sessions --------------------------------------------------------------

ACCESS_TOKEN_LIFETIME = environment.duration("ACCESS_TOKEN_LIFETIME", "60d")
SHORT_ACCESS_TOKEN_LIFETIME = environment.duration("SHORT_ACCESS_TOKEN_LIFETIME", "15m")
SESSION_LIFETIME = environment.duration("SESSION_LIFETIME", "60d")
SESSION_ABSOLUTE_LIFETIME = environment.duration("SESSION_ABSOLUTE_LIFETIME", "365d")
JWT_ISSUER = environment.text("JWT_ISSUER") or "oddjobbox"
JWT_AUDIENCE = environment.text("JWT_AUDIENCE") or "oddjobbox"

# --- Mail -----------------------------------------------------------------------------

SITE_NAME = environment.text("SITE_NAME") or "Oddjobbox"
# Registration then opens no session, and an address that is not verified cannot sign in.
REQUIRE_VERIFIED_EMAIL = environment.flag("REQUIRE_VERIFIED_EMAIL")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("DEFAULT_FROM_EMAIL") or formataddr(
    (SITE_NAME, "no-reply@localhost")
)
EMAIL_IS_SET = bool(environment.text("EMAIL_URL"))
# Without a server, mails are printed. A system check refuses that where DEBUG is off.
vars().update(environment.email("EMAIL_URL", "consolemail://"))
EMAIL_TIMEOUT = 10
TASKS_IN_DATABASE = (
    environment.choice("TASKS", "immediate" if DEBUG else "database", "immediate", "database") == "database"
)
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if TASKS_IN_DATABASE
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}
# Mails that only inform the owner. The one about a changed email also has the link to undo it.
NOTICES = {
    "password_changed": environment.flag("NOTIFY_PASSWORD_CHANGED", default=True),
    "password_was_reset": environment.flag("NOTIFY_PASSWORD_WAS_RESET", default=True),
    "email_changed": environment.flag("NOTIFY_EMAIL_CHANGED", default=True),
    "new_device": environment.flag("NOTIFY_NEW_DEVICE", default=True),
    "refresh_reused": environment.flag("NOTIFY_REFRESH_REUSED", default=True),
}

# --- Limits and retention -------------------------------------------------------------

RATE_LIMITS = environment.flag("RATE_LIMITS", default=True)
# docs/limits.md gives the reason for each. authentication/limits/actions.py names what is counted.
LIMITS = {
    "LOGIN_PAIR": environment.rate("LIMIT_LOGIN_PAIR", "10/15m"),
    "LOGIN_ACCOUNT": environment.rate("LIMIT_LOGIN_ACCOUNT", "30/1h"),
    "LOGIN_ADDRESS": environment.rate("LIMIT_LOGIN_ADDRESS", "100/15m"),
    "LOGIN_DEVICE": environment.rate("LIMIT_LOGIN_DEVICE", "10/15m"),
    "REGISTRATION_ACCOUNT": environment.rate("LIMIT_REGISTRATION_ACCOUNT", "10/1h"),
    "REGISTRATION_ADDRESS": environment.rate("LIMIT_REGISTRATION_ADDRESS", "100/1h"),
    "REFRESH_ACCOUNT": environment.rate("LIMIT_REFRESH_ACCOUNT", "120/15m"),
    "REFRESH_ADDRESS": environment.rate("LIMIT_REFRESH_ADDRESS", "6000/15m"),
    "PASSWORD_CHANGE_ACCOUNT": environment.rate("LIMIT_PASSWORD_CHANGE_ACCOUNT", "10/15m"),
    "PASSWORD_CHANGE_ADDRESS": environment.rate("LIMIT_PASSWORD_CHANGE_ADDRESS", "100/15m"),
    "RESET_ACCOUNT": environment.rate("LIMIT_RESET_ACCOUNT", "5/1h"),
    "RESET_ADDRESS": environment.rate("LIMIT_RESET_ADDRESS", "50/1h"),
    "RESEND_ACCOUNT": environment.rate("LIMIT_RESEND_ACCOUNT", "5/1h"),
    "RESEND_ADDRESS": environment.rate("LIMIT_RESEND_ADDRESS", "50/1h"),
    "EMAIL_CHANGE_ACCOUNT": environment.rate("LIMIT_EMAIL_CHANGE_ACCOUNT", "5/1h"),
    "EMAIL_CHANGE_ADDRESS": environment.rate("LIMIT_EMAIL_CHANGE_ADDRESS", "50/1h"),
    "CONFIRM_ACCOUNT": environment.rate("LIMIT_CONFIRM_ACCOUNT", "20/15m"),
    "CONFIRM_ADDRESS": environment.rate("LIMIT_CONFIRM_ADDRESS", "200/15m"),
    "DELETION_ACCOUNT": environment.rate("LIMIT_DELETION_ACCOUNT", "10/15m"),
    "DELETION_ADDRESS": environment.rate("LIMIT_DELETION_ADDRESS", "100/15m"),
}
# Of the audit log.
EVENT_RETENTION = environment.duration("EVENT_RETENTION", "365d")

# --- The API and its documents --------------------------------------------------------

DOCS = environment.flag("DOCS", default=True)
# For the views of all apps. The views of `authentication` set their own, which are stricter.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["authentication.backends.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "authentication.api.parsers.ProblemNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "authentication.api.exceptions.handle",
    # The throttles of other apps then see the same client address as the limits do.
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = DOCUMENT

# --- Static files, language, time -----------------------------------------------------

STATIC_URL = f"{PREFIX}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Without `collectstatic` the files are served from where the packages keep them.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
if WHITENOISE_USE_FINDERS:
    warnings.filterwarnings("ignore", message="No directory at")
# What `make build` writes. Where it is, `/` is the app; else `/` leads to the docs.
FRONTEND_BUILD = BASE_DIR / "frontend" / "dist"
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True

# --- Logs -----------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "INFO"}},
}
