# SPDX-License-Identifier: Apache-2.0
"""Django's settings, each derived from the environment or fixed for every node.

Nothing here is decided by the place where the node runs except through `Environment`;
to change what a node does, add a field there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from comity.catalogues import LOCALE_FOLDER
from comity.outbound import Policy
from comity.server import single_sign_on
from comity.server.database import django_database
from comity.server.environment import read_environment
from comity.server.keys import django_secret_key
from comity.server.logs import logging_settings

ENVIRONMENT = read_environment()

# The whole application

ROOT_URLCONF = "comity.server.urls"
WSGI_APPLICATION = "comity.server.wsgi.application"
INSTALLED_APPS = [
    "comity.server",
    "comity.accounts",  # before allauth, whose templates ours stand in for
    "comity.server.apps.ReadOnlyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *single_sign_on.applications(ENVIRONMENT),
    "allauth.usersessions",
    "comity.journal",
    "comity.jobs",
    "comity.agreements",
    "comity.exchange",
    "comity.evidence",
    "comity.newsfeed",
    "comity.desk",
]
MIDDLEWARE = [
    "comity.server.observation.ObservationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "comity.server.uploads.UploadLimits",
    "comity.accounts.pages.gate.Gate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "comity.server.drafts.DraftsForgotten",
    "comity.server.error_pages.ErrorPages",
    "comity.server.api_frame.ApiFrame",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "comity.server.frame.frame",
            ],
        },
    }
]

# Where people reach it

PUBLIC = urlsplit(ENVIRONMENT.public_url)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ENVIRONMENT.address]
ALLOWED_HOSTS += [PUBLIC.hostname] if PUBLIC.hostname else []
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url.rstrip("/")] if ENVIRONMENT.public_url else []
DEBUG = False
APPEND_SLASH = True

# What it may ask outside; capabilities read it as settings.OUTBOUND

OUTBOUND = Policy(
    on=ENVIRONMENT.outbound == "on",
    private=ENVIRONMENT.outbound_private,
    proxy=ENVIRONMENT.outbound_proxy,
    contact=ENVIRONMENT.outbound_contact or ENVIRONMENT.public_url,
    certificates=ENVIRONMENT.outbound_certificates,
)

# Database: one, PostgreSQL; the pool lives in the web processes

DATABASES = {"default": django_database(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Security

SECRET_KEY = django_secret_key(ENVIRONMENT)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if ENVIRONMENT.secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if ENVIRONMENT.secure else "csrf"
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
)
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "comity.server.error_pages.form_expired"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *single_sign_on.origins(ENVIRONMENT)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# Language and time

USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone
LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [str(LOCALE_FOLDER)]
FORMAT_MODULE_PATH = "comity.server.formats"

# Files that are uploaded: never readable on a disk, never whole in memory unless they are small

FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "comity.server.uploads.SealedUploads",
]

# Files the browser loads

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "comity.server.static_files.CollectedFiles"},
}

# Sign-in (kept by accounts): password and second factor, or a passkey; nobody signs up

AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in_name", "display_name", "email", "reference")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
ACCOUNT_ADAPTER = "comity.accounts.pages.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "", "reauthenticate": "30/m/user"}
ACCOUNT_FORMS = {
    "login": "comity.accounts.forms.SignInForm",
    "change_password": "comity.accounts.forms.OwnPasswordForm",
    "reauthenticate": "comity.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "comity.accounts.pages.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "comity.accounts.forms.CodeForm",
    "reauthenticate": "comity.accounts.forms.CodeAgainForm",
    "activate_totp": "comity.accounts.forms.EnrolAuthenticatorForm",
    "add_webauthn": "comity.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "comity.accounts.forms.RenamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "comity.accounts.pages.adapters.SocialAccountAdapter"

# Single sign-on: off until an issuer is set

SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = single_sign_on.providers(ENVIRONMENT)

# Jobs: tasks come from the literal table in wiring, never from discovery

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
REGISTER_TASKS = "comity.server.wiring.register_tasks"

# News: who takes what a release announces

NEWS_TAKERS = "comity.server.wiring.TAKERS"

# Messages: who takes which kind

MESSAGE_KINDS = "comity.server.wiring.MESSAGE_KINDS"

# Logs: JSON lines without personal data

LOGGING = logging_settings(ENVIRONMENT.log_level)
