"""Django's settings: secure by default; everything that differs between machines comes from the environment.

``LINLI_DATA`` names the folder that holds the database, the uploaded files and the key of an embedded
installation. A production server sets ``DATABASE_URL``, ``LINLI_SECRET_KEY`` and ``LINLI_HOSTS`` too
(docs/guides/running.md).
"""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue
from linli.web.settings.environment import (
    boolean,
    choice,
    database,
    integer,
    listing,
    secret,
    secrets_listed,
    text,
)

_say = catalogue("linli.web.settings")

# Whatever a process of the platform writes (database, journal, files) is for its own account alone.
os.umask(os.umask(0o077) | 0o077)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(text("LINLI_DATA", "linli-data")).absolute()

DEBUG = False
PRODUCTION = boolean("LINLI_PRODUCTION", default=False)
"""Behind a reverse proxy with TLS: secure cookies, HSTS, no generated key."""
DEMO = boolean("LINLI_DEMO", default=False)
"""Shows the accounts of the demonstration on the sign-in page and lifts the duty of a second factor."""
if DEMO and PRODUCTION:
    raise LinliError(_say("demo_in_production"))


def _secret() -> str:
    given = secret("LINLI_SECRET_KEY")
    if given:
        return given
    if PRODUCTION:
        raise LinliError(_say("no_secret"))
    file = DATA_DIR / "secret.key"
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make_secret(file)
        return file.read_text(encoding="utf-8")
    except OSError as reason:
        raise LinliError(_say("no_data_folder", folder=DATA_DIR, reason=reason.strerror)) from None


def _make_secret(file: Path) -> None:
    """Write a key whole before it is there: of several processes that start at once, one makes it."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    with contextlib.suppress(FileExistsError):
        os.link(fresh, file)
    fresh.unlink()


SECRET_KEY = _secret()
SECRET_KEY_FALLBACKS = secrets_listed("LINLI_OLD_SECRET_KEYS")
"""Former keys: what they signed and encrypted is still read, and nothing is written with them."""
AUDIT_KEY = secret("LINLI_AUDIT_KEY") or f"audit:{SECRET_KEY}"
"""Keys the hash chain of the audit log, so that whoever can write to the database alone cannot forge it."""
AUDIT_OLD_KEYS = secrets_listed("LINLI_AUDIT_OLD_KEYS") + [f"audit:{key}" for key in SECRET_KEY_FALLBACKS]
"""Former keys of the audit log: they verify what was written with them."""
AUDIT_HEADS = text("LINLI_AUDIT_HEADS", "") or DATA_DIR / "audit-heads.log"
"""Where workers write down, outside the database, how far the audit log has come."""

ALLOWED_HOSTS = listing("LINLI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = listing("LINLI_ORIGINS", "")
PROXY_COUNT = integer("LINLI_PROXIES", 1 if PRODUCTION else 0)
"""How many reverse proxies of one's own stand in front; each adds one address to ``X-Forwarded-For``."""

INSTALLED_APPS = [
    "linli.web.foundation.accounts",
    "linli.web.foundation.audit",
    "linli.web.foundation.places",
    "linli.web.foundation.calendars",
    "linli.web.foundation.casework",
    "linli.web.foundation.jobs",
    "linli.web.foundation.operations",
    "linli.web.foundation.exchange",
    "linli.web.foundation.screens",
    "linli.web.intake",
    "linli.web.ops.incidents",
    "linli.web.ops.requests",
    "linli.web.ops.disputes",
    "linli.web.ops.premises",
    "linli.web.ops.problems",
    "linli.web.ops.jointwork",
    "linli.web.ops.meetings",
    "linli.web.ops.handover",
    "linli.web.ops.equipment",
    "linli.web.ops.supervision",
    "linli.web.ops.surveys",
    "linli.web.ops.stipends",
    "linli.web.workbench.assessment",
    "linli.web.public",
    "linli.web.demonstration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "linli.web.foundation.operations.middleware.OperationsMiddleware",
    "linli.web.demonstration.guard.DemonstrationGuard",
    "linli.web.foundation.operations.middleware.SecureOnlyMiddleware",
    "linli.web.foundation.border.middleware.BorderMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linli.web.foundation.once.OnceMiddleware",
    "linli.web.foundation.scanning.middleware.OpeningMiddleware",
    "linli.web.foundation.casework.types.middleware.TypesMiddleware",
    "linli.web.foundation.accounts.middleware.ActorMiddleware",
    "linli.web.foundation.casework.middleware.SightMiddleware",
    "linli.web.foundation.audit.downloads.DownloadMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.web.foundation.screens.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "linli.web.urls"
WSGI_APPLICATION = "linli.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "linli.web.foundation.screens.context.page",
                "linli.web.demonstration.context.accounts",
            ],
            "builtins": ["linli.web.foundation.screens.templatetags.linli"],
        },
    }
]

DATABASES = {"default": database(text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'linli.db'}"))}
CACHES = {"default": {"BACKEND": "linli.web.foundation.accounts.cache.SharedCache"}}
"""In the database: what counts or remembers does so for all processes together."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "linli.web.foundation.accounts.passwords.LongestValidator"},
    {"NAME": "linli.web.foundation.accounts.passwords.PlainValidator"},
    {"NAME": "linli.web.foundation.accounts.breached.BreachedValidator"},
]
BREACHED_PASSWORDS = text("LINLI_BREACHED_PASSWORDS", "")
"""A file of SHA-1 sums of passwords known from breaches, sorted, as Have I Been Pwned gives it out."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "linli.web.foundation.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "linli.web.foundation.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
SECOND_FACTOR = choice("LINLI_SECOND_FACTOR", "privileged", ("privileged", "everybody"))
"""Who must sign in with one: privileged roles, or everybody."""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ADAPTER = "linli.web.foundation.accounts.adapter.MFAAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "邻里 Linli"
MFA_FORMS = {
    "authenticate": "linli.web.foundation.accounts.codes.CodeForm",
    "reauthenticate": "linli.web.foundation.accounts.codes.CodeAgainForm",
}
# A whole station may sit behind one address; axes below counts the wrong passwords of each account.
# Per key: of one account by all unknown devices together, or by one known device.
ACCOUNT_RATE_LIMITS = {
    "login": f"{integer('LINLI_LOGINS_PER_MINUTE', 60)}/m/ip",
    "login_failed": f"{integer('LINLI_LOGINS_PER_MINUTE', 60)}/m/ip,10/5m/key",
}
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if text("LINLI_OIDC_URL", ""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "sso",
                "name": text("LINLI_OIDC_NAME", "单点登录 SSO"),
                "client_id": text("LINLI_OIDC_CLIENT", ""),
                "secret": secret("LINLI_OIDC_SECRET"),
                "settings": {"server_url": text("LINLI_OIDC_URL", ""), "oauth_pkce_enabled": True},
            }
        ]
    }
AXES_FAILURE_LIMIT = integer("LINLI_LOGIN_ATTEMPTS", 5)
AXES_COOLOFF_TIME = 0.25
AXES_USERNAME_CALLABLE = "linli.web.foundation.accounts.lockout.counted_as"
AXES_LOCKOUT_PARAMETERS = "linli.web.foundation.accounts.lockout.counted_by"
# What was typed may be a password in the wrong field; the audit log says who signed in.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "next", "code", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "linli.web.foundation.accounts.addresses.counted_address"
AXES_LOCKOUT_CALLABLE = "linli.web.foundation.accounts.lockout.locked_out"

# Sessions end with the shift and after half an hour without work.
SESSION_ENGINE = "linli.web.foundation.accounts.sessions"
SESSION_LONGEST_SECONDS = integer("LINLI_SESSION_SECONDS", 12 * 3600)
SESSION_MOST = 5
"""Sessions that one account may have at once; one more ends the one that has been idle longest."""
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = integer("LINLI_IDLE_SECONDS", 1800)
REQUESTS_OF_ONE_ACCOUNT = integer("LINLI_ACCOUNT_REQUESTS", 3600)
"""Pages, searches, maps and calls of the API by one account in an hour, 0 for any number."""
DEVICE_COOKIE_NAME = "device"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linli.web.foundation.screens.errors.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 86400
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME, DEVICE_COOKIE_NAME = "__Host-language", "__Host-device"
    SECURE_HSTS_SECONDS = 365 * 86400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
    # Programs are refused instead: a redirect would hide that their token travelled in clear.
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^api/", r"^open311/", r"^calendar/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("LINLI_ZONE", "Asia/Shanghai")

# Messages wait in the session: a cookie of their own would be one more to guard.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_PERMISSIONS = 0o600
ATTACHMENT_MOST_BYTES = integer("LINLI_ATTACHMENT_BYTES", 10 * 1024 * 1024)
SCANNER = text("LINLI_SCANNER", "")
"""clamd's socket, a path or host:port; every file that people send is shown to it first."""

# Jobs run in the database, without a broker.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
JOB_LEASE_SECONDS = integer("LINLI_LEASE_SECONDS", 60)
"""How long a worker may be silent before what it had in hand goes to another."""
METRICS_TOKEN = secret("LINLI_METRICS_TOKEN")
"""With it ``/metrics`` can be read from elsewhere; without, only from this machine."""

WEBHOOK_HOSTS = listing("LINLI_WEBHOOK_HOSTS", "")
"""Hosts (or host:port) that changes may be sent to; none unless named."""

CASE_TYPES_DIR = text("LINLI_CASE_TYPES", "")
"""A folder of case types of this installation's own, beside those that are shipped."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "linli.web.settings.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("LINLI_LOG", "WARNING")},
    # Heads of the audit log leave the machine with the process's log, however little else is logged; those of
    # a demonstration would stand between what is printed for people.
    "loggers": {"linli.audit.heads": {"level": "WARNING" if DEMO else "INFO"}},
}
