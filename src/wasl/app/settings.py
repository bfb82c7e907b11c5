"""Django's settings, derived from `Config`: nothing here is read from anywhere else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from wasl.app.config import Config
from wasl.app.logs import logging_config
from wasl.app.ui import conf as ui

CONFIG = Config.from_env()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = CONFIG.django_secret()
DEBUG = CONFIG.is_debug
ALLOWED_HOSTS = [CONFIG.host, "127.0.0.1", "localhost", "[::1]"] if not CONFIG.is_public else [CONFIG.host]
CSRF_TRUSTED_ORIGINS = [CONFIG.origin.rstrip("/")]
ROOT_URLCONF = "wasl.app.urls"
WSGI_APPLICATION = "wasl.app.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "wasl.app.ui",
    "wasl.app.tenancy",
    "wasl.app.events",
    "wasl.app.jobs",
    "wasl.app.invoicing",
    "wasl.app.proofs",
    "wasl.app.delivery",
    "wasl.app.payments",
    "wasl.app.payments.statements",
    "wasl.app.archive",
    "wasl.app.support.help",
    "wasl.app.insight.sustainability",
    "wasl.app.support",
    "wasl.app.notices",
    "wasl.app.portal",
    "wasl.app.portal.inbox",
    "wasl.app.console",
]

MIDDLEWARE = [
    "wasl.app.http.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    *ui.MIDDLEWARE,
    "django.middleware.common.CommonMiddleware",
    "wasl.app.http.Csrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wasl.app.http.Faults",
    "axes.middleware.AxesMiddleware",  # last: it answers for the views' own refusals
]

# -- database ----------------------------------------------------------------------------------------------------------


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url) if url else {}
    known = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "wasl"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        # prepare_threshold: without it psycopg never prepares, whatever `sql.run` asks for; the ORM's own cursors never do
        "OPTIONS": {k: v for k, v in parts.items() if k not in known} | {"application_name": "wasl", "prepare_threshold": 5},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": _database(CONFIG.resolved_database_url())}

# -- people ------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "tenancy.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "wasl.app.tenancy.signin.PasswordBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_ADAPTER = "wasl.app.tenancy.signin.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True  # T59: one answer whether the address is known or not
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # counted by django-axes in the database: allauth counts in each process alone
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True  # T61
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if CONFIG.is_https else "http"
MFA_ADAPTER = "wasl.app.tenancy.signin.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

AXES_ENABLED = True
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "wasl.app.tenancy.signin.attempted_name"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "wasl.app.http.too_many_attempts"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "ip_address", "password", "code"]

# -- browser -----------------------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "wasl_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.is_https
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "wasl_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "no-referrer"  # T58: capability links never leave in a Referer
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.is_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.is_https else None
X_FRAME_OPTIONS = "DENY"

_bank = urlsplit(CONFIG.bank_url)
CONTENT_SECURITY_POLICY = ui.content_security_policy(*([f"{_bank.scheme}://{_bank.netloc}"] if _bank.netloc else []))
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["wasl.app.ui.uploads.Bounded"]  # in memory, bounded, and the form around a file that is too large is kept

# -- language and pages ------------------------------------------------------------------------------------------------

USE_TZ, TIME_ZONE, USE_I18N = True, "UTC", True
LANGUAGE_CODE = "ar"
LANGUAGES = ui.LANGUAGES
LOCALE_PATHS = [PACKAGE / "locale"]

_context = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "csp.context_processors.nonce",
]
TEMPLATES = [
    {**ui.JINJA, "OPTIONS": {**ui.JINJA["OPTIONS"], "context_processors": _context}},
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True, "OPTIONS": {"context_processors": _context}},
]

# -- mail (sign-in codes; invoices leave through app/delivery) ---------------------------------------------------------

_smtp = urlsplit(CONFIG.smtp_url)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "127.0.0.1", _smtp.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp.username or "", _smtp.password or ""
EMAIL_USE_SSL, EMAIL_USE_TLS = _smtp.scheme == "smtps", _smtp.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail_from

# -- jobs and logs -----------------------------------------------------------------------------------------------------

PROCRASTINATE_ON_APP_READY = "wasl.app.jobs.setup.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
LOGGING_CONFIG = None
LOGGING = logging_config(CONFIG.log_level)
