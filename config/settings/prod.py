"""Production: HTTPS alone, JSON logs; secrets and addresses from the environment, or it doesn't start."""

from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)

from config.logs import logging_settings
from config.settings import base
from config.variables import MisconfiguredError, read, required


def strong(given: str) -> str:
    """The secret key. Raises MisconfiguredError for one that Django's check security.W009 warns of."""
    long_enough = len(given) >= SECRET_KEY_MIN_LENGTH
    varied = len(set(given)) >= SECRET_KEY_MIN_UNIQUE_CHARACTERS
    if not long_enough or not varied or given.startswith(SECRET_KEY_INSECURE_PREFIX):
        raise MisconfiguredError(
            f"SECRET_KEY has to be at least {SECRET_KEY_MIN_LENGTH} random characters long. This makes one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return given


globals().update(base.common())

SECRET_KEY = strong(required("SECRET_KEY"))
ALLOWED_HOSTS = required("ALLOWED_HOSTS")
required("DATABASE_URL")

# With this prefix browsers take the cookie from this very host alone, over HTTPS.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = read("SECURE_SSL_REDIRECT")
# The container's probe asks for health without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
# Only behind a proxy that sets the header itself, for anybody else could.
if read("BEHIND_HTTPS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = read("SECURE_HSTS_SECONDS")
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Over anything else what proves who signs in could come from anybody.
if base.OIDC_ISSUER and not base.OIDC_ISSUER.startswith("https://"):
    raise MisconfiguredError("OIDC_ISSUER has to begin with https:// in production.")
LOGGING = logging_settings(level=base.LOG_LEVEL, readable=False)
