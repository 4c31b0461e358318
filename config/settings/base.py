"""Settings of every environment; a value that differs between installations is read from it (variables.py)."""

from datetime import timedelta

from corsheaders.defaults import default_headers

from config.database_address import database_address
from config.state import state_folder
from config.variables import read, required
from interfaces.shared.bodies import OPERATIONS

DEBUG = False
SECRET_KEY = read("SECRET_KEY")
ALLOWED_HOSTS = read("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "interfaces.cli",  # before Django's, two of whose commands it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.socialaccount",
    "interfaces.web",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "infrastructure.identity",
    "infrastructure.identity.throttling",
    "infrastructure.persistence.shared",
    "infrastructure.persistence.history",
    "infrastructure.persistence.catalog",
    "infrastructure.persistence.production",
    "infrastructure.persistence.quality",
    "infrastructure.persistence.traceability",
    "interfaces.api",
    "config",
]

MIDDLEWARE = [
    "interfaces.shared.request_id.RequestIdMiddleware",
    "interfaces.shared.address.AddressMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "interfaces.shared.content_policy.ContentPolicyMiddleware",
    "config.outside.BodyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "interfaces.api.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "interfaces.shared.sessions.SessionLimitsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.outside.UnavailableMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

# Threads of each process of the web server that answer requests; one more tells of its health.
SERVER_THREADS = read("SERVER_THREADS")

# Two roles: the owner changes the tables, the application fills them (persistence/shared/rights.py). manage.py and the
# servers set DATABASE_URL; without it stands only what doesn't connect. Each thread of a server has its connection.
application = read("DATABASE_URL") or database_address("postgresql://lignage@/lignage")
as_owner = read("DATABASE_AS_OWNER")
owner = read("DATABASE_OWNER_URL") or application
database = owner if as_owner else application
# The pool pauses ever longer between its tries to reach a database that is away; it gives up soon, and the next request
# has it try anew, so that the server works again as soon as the database does.
pool = {"min_size": 1, "max_size": SERVER_THREADS + 1, "timeout": 3, "reconnect_timeout": 3}
pooled = read("DATABASE_POOL") and not as_owner
# A session prepares lookups that it makes often, and nothing else (persistence/shared/statements.py). A PgBouncer that
# stands between has to know prepared statements, as it does from 1.21 on.
prepared = {"prepare_threshold": 5}
DATABASES = {
    "default": {
        **database,
        "APPLICATION_ROLE": application["USER"],
        "APPLICATION": application if as_owner else None,
        "OWNER_ROLE": owner["USER"],
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**prepared, **database.get("OPTIONS", {}), "pool": pool if pooled else None},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["interfaces.shared.passwords.ThrottledBackend"]
# As NIST SP 800-63B-4 has it for a password that stands alone: long, not a common one nor the user's name, and no rule
# about what characters it is made of.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": read("PASSWORD_LENGTH")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# Whether tokens for development let in.
DEVELOPMENT_TOKENS = False
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "web:account"
LOGOUT_REDIRECT_URL = "web:sign_in"
# How often a password may be tried at once; names and addresses get more of them as time passes (config/container.py).
TRIES_FOR_A_NAME = read("TRIES_FOR_A_NAME")
TRIES_FOR_AN_ADDRESS = read("TRIES_FOR_AN_ADDRESS")
# How many proxies stand before this server; each adds to X-Forwarded-For, and what stands left of that anybody may say.
PROXIES = read("PROXIES")
# A session ends so long after sign-in, and so long after its last request.
SESSION_AGE = timedelta(hours=read("SESSION_HOURS"))
SESSION_IDLE = timedelta(minutes=read("SESSION_IDLE_MINUTES"))
SESSION_COOKIE_AGE = int(SESSION_AGE.total_seconds())

# Sign-in with OpenID Connect, once the address of a provider stands in the environment.
OIDC_ISSUER = read("OIDC_ISSUER")
SOCIALACCOUNT_PROVIDERS = {
    "openid": {
        "APPS": [
            {
                "provider_id": "openid",
                "name": read("OIDC_NAME"),
                "client_id": required("OIDC_CLIENT_ID"),
                "secret": read("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True, "scope": ["openid", "profile"]},
            }
        ]
        if OIDC_ISSUER
        else []
    }
}
SOCIALACCOUNT_ADAPTER = "interfaces.web.openid.SignUp"
ACCOUNT_ADAPTER = "interfaces.web.openid.SignIn"
ACCOUNT_EMAIL_VERIFICATION = "none"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
TIME_ZONE = "UTC"
# Who writes the letters of a recall: name and address, with line breaks (or \n) between their lines.
HOUSE = read("HOUSE")
# 64 hexadecimal digits that sign what `manage.py verify_audit` publishes; without them the state folder keeps some.
CHECKPOINT_KEY = read("CHECKPOINT_KEY")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = state_folder() / "static"

# No body is larger than this, and most are much smaller (interfaces/shared/bodies.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = OPERATIONS

# How many requests a minute are answered with one token, or to one user's sessions; 0 for any number. Each process
# counts by itself, unless CACHE_URL names a cache that they share.
RATE_LIMIT = read("RATE_LIMIT")
CACHES = {"default": read("CACHE_URL")}

# Pages from elsewhere that may call the API in a browser, such as https://plant.example; they show a token, never a
# cookie.
CORS_ALLOWED_ORIGINS = read("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    *default_headers,
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Location",
    "X-Request-ID",
    "Idempotency-Replayed",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "interfaces.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["interfaces.api.parsing.StrictJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["interfaces.api.rendering.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "interfaces.api.schema.ApiSchema",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "ALLOWED_VERSIONS": ["v1", "v2"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "interfaces.api.problems.handled",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lignage",
    "DESCRIPTION": "Campaigns, lots and exact mass balances of a process manufacturer.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]+",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "interfaces.api.schema.share_enumerations",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AuditAction": "application.history.queries.Action",
        "CampaignState": "domain.production.campaign.CampaignState",
        "CostBasis": "domain.production.valuation.CostBasis",
        "DateMarking": "domain.catalog.product.DateMarking",
        "Direction": "domain.production.entry.Direction",
        "Disposition": "domain.production.lot.Disposition",
        "Gap": "domain.traceability.mixture.Gap",
        "OperationKind": "domain.production.entry.Kind",
        "MovementRole": "domain.production.entry.Role",
        "PartnerRole": "domain.catalog.partner.PartnerRole",
        "ProductClass": "domain.catalog.product.ProductClass",
        "RecallState": "domain.traceability.recall.RecallState",
        "RecallStep": "domain.traceability.recall.Step",
        "Right": "domain.access.rights.Right",
        "Role": "domain.access.rights.Role",
        "SubjectKind": "application.history.queries.SubjectKind",
        "TraceDirection": "interfaces.api.v1.trace_serializers.Ways",
        "TraceSide": "application.traceability.queries.Side",
        "Unit": "domain.shared.quantity.UNITS",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.error_report.ErrorReportFilter"
LOG_LEVEL = read("LOG_LEVEL")


def common() -> dict[str, object]:
    """Give every setting of this module, for another one to start from."""
    return {name: value for name, value in globals().items() if name.isupper()}
