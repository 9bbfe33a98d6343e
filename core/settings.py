"""All settings, read from the environment; none is required. README.md explains each."""

import os
from decimal import Decimal
from pathlib import Path

import django_stubs_ext
from django.urls import reverse_lazy

from core.broker import TRANSPORT_OPTIONS, VISIBILITY_TIMEOUT_SECONDS
from core.database import database
from core.environment import Environment
from core.logs import LEVELS, logging_at
from core.looks import LOOKS
from core.mail import mail_server
from core.private import private_folder
from core.requests.headers import CONTENT_POLICY, NO_FEATURES
from core.secret import sealing_keys, secret_key
from core.sign_in import ISSUER, PASSWORD_VALIDATORS, TWO_STEP_APPS

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

environment = Environment(os.environ)
SETTING_PROBLEMS = environment.problems

VAR_DIR = private_folder(environment, default=BASE_DIR / "var")

# --- Django -------------------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

# Whose `X-Forwarded-For` is believed, by `core.requests.addresses`; nobody else's is read.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")

HTTPS = environment.flag("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Both bind names beyond this site's own, and preloading lasts for months: only on demand.
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which advise both
if HTTPS:
    # The proxy in front ends TLS and must set or strip this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "unfold",  # before the admin, whose templates it replaces
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_celery_beat",
    "import_export",
    "simple_history",
    *TWO_STEP_APPS,
    "csp",
    "ninja",  # serves the API's documentation page without an outside asset
    "budgets",
]

MIDDLEWARE = [
    "core.requests.references.with_reference",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.requests.unreadable.RefuseUnreadable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "budgets.admin.sign_in.gate.Gate",  # who acts, idle sessions, the second step
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY = CONTENT_POLICY, NO_FEATURES
DEFAULT_EXCEPTION_REPORTER = "core.requests.debug_pages.DiscreetReporter"

ROOT_URLCONF = "core.urls"
WSGI_APPLICATION = "core.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "core" / "templates"],  # what replaces Unfold's own frames
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

AUTHENTICATION_BACKENDS = ["budgets.access.backend.BrandBackend"]
AUTH_PASSWORD_VALIDATORS, OTP_TOTP_ISSUER = PASSWORD_VALIDATORS, ISSUER

# Pages that refresh themselves are no use of the site; the session ends when it is left so long.
IDLE_TIMEOUT_MINUTES = environment.whole("IDLE_TIMEOUT_MINUTES") or 12 * 60

LANGUAGE_CODE, FORMAT_MODULE_PATH = "en", "core.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"  # brands have their own zone; the server's is never used

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns where there is none
WHITENOISE_USE_FINDERS = True  # serves what a package brings, collected or not
FILE_UPLOAD_HANDLERS = ["core.serving.files.NamelessUpload"]
FILE_UPLOAD_PERMISSIONS = 0o600  # of collected files: Django would open them to everybody

LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MAIL = mail_server(environment)
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL[:4]
EMAIL_USE_TLS, EMAIL_USE_SSL, DEFAULT_FROM_EMAIL = MAIL[4:]
EMAIL_TIMEOUT = 10  # seconds: somebody waits for the answer

# The web server: processes × threads requests are worked on at once, each thread with a database
# connection of its own. `core/serving` takes the waiting for slow clients off them.
WEB_PROCESSES = environment.whole("WEB_PROCESSES") or 2
WEB_THREADS = environment.whole("WEB_THREADS") or 4

# --- Database -----------------------------------------------------------------------------------

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
}

# --- Redis and Celery ---------------------------------------------------------------------------

REDIS_URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_RESULT_EXPIRES = 3600
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# A task killed with its worker is delivered again, which is harmless: every task may run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a long task holds back no short one

CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT_SECONDS
CELERY_BROKER_TRANSPORT_OPTIONS = TRANSPORT_OPTIONS
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS}

# So many imports and other long jobs run at once; one process more keeps checks from waiting.
JOBS_AT_ONCE = environment.whole("JOBS_AT_ONCE") or 2
# A job whose process has not said for so long that it works is taken for dead and resumed.
JOB_DEAD_AFTER_SECONDS = environment.whole("JOB_DEAD_AFTER_SECONDS") or 60
CELERY_WORKER_CONCURRENCY = environment.whole("WORKER_PROCESSES") or JOBS_AT_ONCE + 1

# --- Ad budgets ---------------------------------------------------------------------------------

# The first seals the credentials of platform accounts, all of them open.
CREDENTIAL_KEYS = sealing_keys(environment, VAR_DIR / "credential_key")
WEBHOOK_NETWORKS = environment.networks("WEBHOOK_NETWORKS")  # inside, also without TLS
GOOGLE_ADS_ENDPOINT = environment.text("GOOGLE_ADS_ENDPOINT")
GOOGLE_TOKEN_URL = environment.text("GOOGLE_TOKEN_URL") or "https://oauth2.googleapis.com/token"
META_GRAPH_URL = environment.text("META_GRAPH_URL") or "https://graph.facebook.com"

RECONCILE_SHARDS = environment.whole("RECONCILE_SHARDS") or 1  # one serves a million campaigns

# Times that a budget may grow or shrink by in an edit before it is asked about; 1 never asks.
BUDGET_JUMP = environment.decimal("BUDGET_JUMP", default=Decimal(5))

SPEND_MAX_AHEAD_SECONDS = environment.whole("SPEND_MAX_AHEAD_SECONDS") or 300  # then refused
SPEND_MAX_AGE_DAYS = environment.whole("SPEND_MAX_AGE_DAYS") or 400  # older spend is refused
# Largest file taken in the admin; `manage.py import_spend` takes any.
SPEND_UPLOAD_MAX_BYTES = (environment.whole("SPEND_UPLOAD_MAX_MB") or 50) * 1024 * 1024
REQUEST_MAX_BYTES = SPEND_UPLOAD_MAX_BYTES + 1024 * 1024  # a file, and the form around it

# Empty is for ever. `fold_entries` folds older entries; platforms may send them again.
ENTRY_RETENTION_DAYS = environment.whole("ENTRY_RETENTION_DAYS")
KEY_RETENTION_DAYS = environment.whole("KEY_RETENTION_DAYS")

LOG_LEVEL = environment.choice("LOG_LEVEL", "INFO", LEVELS)
LOGGING = logging_at(LOG_LEVEL)

UNFOLD = LOOKS
