"""Django settings, derived from the one settings table (`yiwang.kernel.settings_table`)."""

from __future__ import annotations

import importlib.util
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.app import app_folders
from yiwang.kernel.settings_table import default_of, read_settings

YIWANG = read_settings()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR: Path = YIWANG["YIWANG_DATA"]
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret(name: str) -> str:
    """A secret of this deployment, made once in the data folder, readable by the owner only."""
    path = DATA_DIR / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url or "postgres://postgres@127.0.0.1:5432/yiwang")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


def _issuer() -> dict[str, Any]:
    """The district's identity service as django-allauth wants to be told of it."""
    return {
        "provider_id": "district",
        "name": "OpenID",
        "client_id": YIWANG["YIWANG_OPENID_CLIENT"],
        "secret": YIWANG["YIWANG_OPENID_SECRET"],
        "settings": {"server_url": YIWANG["YIWANG_OPENID"].rstrip("/"), "oauth_pkce_enabled": True},
    }


DEBUG = YIWANG["YIWANG_DEBUG"]
SECRET_KEY = YIWANG["YIWANG_SECRET_KEY"] or _kept_secret("django")
ALLOWED_HOSTS = list(YIWANG["YIWANG_HOSTS"])
DEMO = YIWANG["YIWANG_DEMO"]
DATABASES = {"default": _database(YIWANG["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "directory.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "yiwang.ui",
    "yiwang.engines.directory",
    "yiwang.engines.access",
    "yiwang.engines.trust",
    "yiwang.engines.forms",
    "yiwang.engines.bpmn",
    "yiwang.engines.cases",
    "yiwang.engines.worklists",
    "yiwang.engines.registry",
    "yiwang.engines.datahub",
    "yiwang.engines.rulebooks",
    "yiwang.engines.gathering",
    "yiwang.engines.exchange",
    "yiwang.engines.desk",
    "yiwang.engines.cockpit",
    *(folder for folder in app_folders() if importlib.util.find_spec(f"{folder}.apps") is not None),
]
MIDDLEWARE = [
    "yiwang.ui.middleware.SecurityHeaders",
    "yiwang.project.open_api.Problems",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yiwang.ui.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yiwang.engines.directory.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yiwang.ui.middleware.Problems",
]
CSRF_FAILURE_VIEW = "yiwang.ui.errors.csrf_failure"
# Cookies know hosts but no ports: of two districts on one machine each keeps its own, or one would log the other out.
_OWN = "" if YIWANG["YIWANG_DISTRICT"] == default_of("YIWANG_DISTRICT") else f"-{YIWANG['YIWANG_DISTRICT']}"
SESSION_ENGINE = "yiwang.engines.access.sessions"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"sessionid{_OWN}", f"csrftoken{_OWN}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = YIWANG["YIWANG_SECURE_COOKIES"]
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
ROOT_URLCONF = "yiwang.project.urls"
WSGI_APPLICATION = "yiwang.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("yiwang.ui.folding.Loader", ["django.template.loaders.app_directories.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
LOGIN_URL = "access:log_in"
OPENID_TITLE = "统一身份认证登录" if YIWANG["YIWANG_OPENID"] and YIWANG["YIWANG_OPENID_CLIENT"] else ""
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_issuer()] if OPENID_TITLE else []}}
SOCIALACCOUNT_ADAPTER = "yiwang.engines.access.openid.People"
SOCIALACCOUNT_LOGIN_ON_GET = True  # A form could not go there: the policy allows forms to lead to this site only.
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_ADAPTER = "yiwang.engines.access.openid.Entrance"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [folder for folder in [DATA_DIR / "frontend" / "static"] if folder.is_dir()]
MEDIA_ROOT = DATA_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "yiwang.engines.forms.receiving.BoundedFileHandler",
]
