"""Production: HTTPS alone, JSON logs; secrets and addresses from the environment, or it doesn't start."""

from django.core.exceptions import ImproperlyConfigured

from config.logs import logging_settings
from config.settings import base

globals().update(base.common())

SECRET_KEY = base.env.str("SECRET_KEY")
ALLOWED_HOSTS = base.env.list("ALLOWED_HOSTS")
base.env.str("DATABASE_URL")

# With this prefix browsers take the cookie from this very host alone, over HTTPS.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = base.env.bool("SECURE_SSL_REDIRECT", default=True)
# The container's probe asks for health without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
# Only behind a proxy that sets the header itself, for anybody else could.
if base.env.bool("BEHIND_HTTPS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = base.env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Over anything else what proves who signs in could come from anybody.
if base.OIDC_ISSUER and not base.OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("OIDC_ISSUER begins with https://.")
LOGGING = logging_settings(level=base.LOG_LEVEL, readable=False)
