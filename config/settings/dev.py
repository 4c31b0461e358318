"""Development: pages that explain errors, logs to read, and a secret key that is made when there is none."""

from django.core.management.utils import get_random_secret_key

from config.logs import logging_settings
from config.settings import base
from config.state import kept
from config.variables import read

globals().update(base.common())

DEBUG = read("DEBUG")
SECRET_KEY = base.SECRET_KEY or kept("secret-key", get_random_secret_key)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *base.ALLOWED_HOSTS]
DEVELOPMENT_TOKENS = True
LOGGING = logging_settings(level=base.LOG_LEVEL, readable=True)
