"""What every environment shares. Each value that differs between machines is an environment variable."""

from pathlib import Path

from .celery import *
from .databases import BEHIND_PGBOUNCER, CACHES, DATABASES, SESSION_LIMITS
from .environment import env
from .safety import DEFAULT_SECRET

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    # Before Django's own apps, some of whose commands it fits to several databases.
    "apps.core",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    # Before Django's own users: its createsuperuser and changepassword go to our database.
    "apps.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_prometheus",
    "django_structlog",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "apps.sagas",
    "apps.catalog",
    "apps.orders",
    "apps.payments",
    "apps.notifications",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.core.page_policy.PagePolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "apps.core.api.fallbacks.RefuseNul",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "ecommerce.urls"
WSGI_APPLICATION = "ecommerce.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "ecommerce" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_ROUTERS = ["ecommerce.routers.DatabasePerApp"]
SILENCED_SYSTEM_CHECKS = [
    # saga_inbox and outbox_events stand in every database that takes part in a saga, each under its owner's model, with
    # the same names of tables, indexes and constraints.
    "models.W035",
    "models.E030",
    "models.E032",
    # Names longer than 30 characters: PostgreSQL allows 63, and the founding design uses them.
    "models.E034",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media"))
# Whether imports note the images that they name, to be fetched, where the command does not say.
IMPORT_FETCHES_IMAGES = env.bool("IMPORT_FETCHES_IMAGES", default=False)
# How many a worker fetches in one turn, one after the other.
IMAGES_AT_ONCE = 20
# Pairs of host and port that are asked for images although they are not public: servers of tests.
IMAGE_HOSTS_ALLOWED: list[tuple[str, int]] = []

# The currency of catalogue prices and of every order, as its ISO 4217 code.
SHOP_CURRENCY = env("SHOP_CURRENCY", default="USD")
# The languages that queries are read in, as text search configurations of PostgreSQL; products name their own.
SEARCH_LANGUAGES = env.list("SEARCH_LANGUAGES", default=["english"])
# How long prices that were changed together can be put back together.
PRICE_CHANGES_DAYS = env.int("PRICE_CHANGES_DAYS", default=90)
# Whether a review of somebody who bought the product is approved without anybody reading it.
REVIEWS_APPROVE_VERIFIED = env.bool("REVIEWS_APPROVE_VERIFIED", default=False)
SHOP_NAME = env("SHOP_NAME", default="Demo Shop")

from .accounts import *
from .api import *
from .back_office import *
from .logging import *
from .metrics import *
from .notifications import *
from .orders import *
from .payments import *
from .processes import *
from .sagas import *
