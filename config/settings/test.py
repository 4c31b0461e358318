"""Tests: nothing from the environment but the database, and nothing slow that a test doesn't ask for."""

from config.logs import logging_settings
from config.settings import base

globals().update(base.common())

SECRET_KEY = "only tests are signed with it"  # nosec B105  # noqa: S105 - it keeps nothing secret
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# tests/database.py puts a database of its own in its place; threads of tests come and go without a pool.
DATABASES = {"default": {**base.DATABASES["default"], "OPTIONS": {}}}
# What is counted, and who may call from elsewhere, is for each test to say.
RATE_LIMIT = 0
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CORS_ALLOWED_ORIGINS: list[str] = []
# Static files are found where they are, without being collected first.
WHITENOISE_AUTOREFRESH = True
LOGGING = logging_settings(level="WARNING", readable=True)
