"""The one settings file, driven by the environment (`docs/reference/settings.md` explains each variable)."""

from pathlib import Path

from wayhouse.config import environ
from wayhouse.core.csp import CSP
from wayhouse.crypto import rootkey

BASE = Path(__file__).resolve().parents[2]
PACKAGE = BASE / "wayhouse"

# -- Where things lie --------------------------------------------------------------------------
WAYHOUSE_DATA = environ.folder("WAYHOUSE_DATA", BASE / "var" / "data")
# The root key is kept away from the data, so that a copy of the data folder opens nothing.
WAYHOUSE_KEYS = environ.folder(
    "WAYHOUSE_KEYS", BASE / "var" / "keys"
)  # In memory, where a sealed house puts its root key while it is open; read by `crypto.rootkey` itself.
WAYHOUSE_RUN = environ.text("WAYHOUSE_RUN")
# Archives are sealed to the public half of a key that lies elsewhere (`wayhouse backup_key`).
WAYHOUSE_BACKUPS = environ.text("WAYHOUSE_BACKUPS", str(WAYHOUSE_DATA.parent / "backups"))
WAYHOUSE_BACKUP_KEY = environ.text("WAYHOUSE_BACKUP_KEY")

# Fonts are cut once and kept here; collectstatic takes them along.
WAYHOUSE_FONTS = WAYHOUSE_DATA / "fonts"

# -- The house ---------------------------------------------------------------------------------
WAYHOUSE_NAME = environ.text("WAYHOUSE_NAME", "Open Circle")
WAYHOUSE_EXIT_URL = environ.text("WAYHOUSE_EXIT_URL")
WAYHOUSE_COUNTRY = environ.text("WAYHOUSE_COUNTRY", "DE")
# Everybody but members signs in with a second step; only a demonstration goes without.
WAYHOUSE_SECOND_STEP = environ.flag("WAYHOUSE_SECOND_STEP", default=True)
# More pages than this in a minute nobody reads: a program carries them away (people.pace).
WAYHOUSE_PAGES_A_MINUTE = environ.number("WAYHOUSE_PAGES_A_MINUTE", 120)
WAYHOUSE_BOOT_KEY = environ.text("WAYHOUSE_BOOT_KEY")
# Cheaper passphrase stretching for tests alone; refused outside of them (crypto.passphrase).
WAYHOUSE_QUICK_KDF = environ.flag("WAYHOUSE_QUICK_KDF")

DEBUG = False
SECURE = environ.flag("WAYHOUSE_HTTPS", default=True)
ALLOWED_HOSTS = environ.words("WAYHOUSE_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = environ.words("WAYHOUSE_ORIGINS")
# Django signs forms and CSRF tokens with it; derived from the root key at start (crypto.rootkey).
SECRET_KEY = rootkey.derive(rootkey.load(WAYHOUSE_KEYS), "django").hex()

ROOT_URLCONF = "wayhouse.config.urls"
WSGI_APPLICATION = "wayhouse.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = environ.text("WAYHOUSE_TIME_ZONE", "Europe/Berlin")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    # The rooms come before allauth, so that their templates win.
    "wayhouse.core",
    "wayhouse.crypto",
    "wayhouse.audit",
    "wayhouse.accounts",
    "wayhouse.notices",
    "wayhouse.people",
    "wayhouse.groups",
    "wayhouse.safeguarding",
    "wayhouse.meetings",
    "wayhouse.arrivals",
    "wayhouse.conversations",
    "wayhouse.mentoring",
    "wayhouse.blueprints",
    "wayhouse.leaving",
    "wayhouse.home",
    "wayhouse.config",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "wayhouse.core.outage.OnceMoreMiddleware",
    # Pages go out compressed, with padding of random length against BREACH; form tokens are masked anew each time.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wayhouse.core.policy.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wayhouse.accounts.gone.GoneMiddleware",
    "wayhouse.core.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wayhouse.people.present.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wayhouse.core.methods.MethodsMiddleware",
    "wayhouse.core.outage.DoneMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "wayhouse.core.page.page",
                "wayhouse.people.present.tabs",
                "wayhouse.accounts.waiting.waiting",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.contrib.humanize.templatetags.humanize",
                "wayhouse.core.templatetags.core",
            ],
        },
    }
]

FORM_RENDERER = "wayhouse.core.widgets.Renderer"

# -- Data --------------------------------------------------------------------------------------
DATABASES = {"default": environ.database(environ.text("WAYHOUSE_DATABASE_URL"), WAYHOUSE_DATA)}
# In the memory of each worker, never on disk: rate-limit counters and nothing else.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# An upload never becomes a temporary file: rosters are held in memory only.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- Signing in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["wayhouse.accounts.backends.PassphraseBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"
LOGOUT_REDIRECT_URL = "core:about"
SESSION_ENGINE = "wayhouse.accounts.session_store"
SESSION_COOKIE_NAME = "__Host-sid" if SECURE else "sid"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "__Host-form" if SECURE else "form"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "wayhouse.core.views.csrf_refused"
MESSAGE_STORAGE = "wayhouse.core.told.Storage"

ACCOUNT_ADAPTER = "wayhouse.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "login": "wayhouse.accounts.forms.LoginForm",
    "reauthenticate": "wayhouse.accounts.forms.ReauthenticateForm",
}
# Tries: counted in the memory of a worker, under keys that name nobody (accounts.limits). "key" of a failed sign-in
# is the name together with the network, so that nobody locks out somebody who sits elsewhere.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "recover": "10/m/ip,5/h/key",
    # One name from all networks together: what a passphrase of one's own has to stand.
    "name": "300/h/key",
    # A token cannot be guessed; whoever tries all the same costs nobody else anything.
    "invitation": "30/m/ip",
    "unlock": "10/5m/key",
    "reauthenticate": "10/5m/user",
    "copy": "5/h/user",
    # Notes without a name (arrivals), by network and for minutes only: nobody elsewhere is kept out by it.
    "contact_write": "6/10m/ip",
    "contact_return": "10/5m/ip",
    "receipt": "10/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environ.flag("WAYHOUSE_BEHIND_PROXY") else 0
MFA_ADAPTER = "wayhouse.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "wayhouse.accounts.factor_forms.AuthenticateForm",
    "reauthenticate": "wayhouse.accounts.factor_forms.ReauthenticateForm",
    "activate_totp": "wayhouse.accounts.factor_forms.ActivateTOTPForm",
    "add_webauthn": "wayhouse.accounts.factor_forms.AddWebAuthnForm",
    "login_webauthn": "wayhouse.accounts.factor_forms.LoginWebAuthnForm",
    "edit_webauthn": "wayhouse.accounts.factor_forms.EditWebAuthnForm",
}
# A phone's clock may be half a minute off; a code still works only once (accounts.factors).
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# There are no addresses that could be verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = WAYHOUSE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# -- Languages ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Days first and hours to 24 in every language; Django has them otherwise in English, and in part in Arabic.
FORMAT_MODULE_PATH = "wayhouse.core.formats"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE / "locale"]

# -- Static files ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environ.folder("WAYHOUSE_STATIC", BASE / "var" / "static")
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "wayhouse.core.fonts.FontFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- What leaves, and nothing else by accident -------------------------------------------------
# Without a mail server whatever a library might try ends in nothing.
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_SSL = environ.mail(
    environ.text("WAYHOUSE_MAIL_URL")
)
EMAIL_USE_TLS = not EMAIL_USE_SSL
DEFAULT_FROM_EMAIL = environ.text("WAYHOUSE_MAIL_FROM", "post@localhost")
# Where browsers' makers take messages for them; a `mailto:` or `https:` address that they may complain to.
WAYHOUSE_PUSH_CONTACT = environ.text("WAYHOUSE_PUSH_CONTACT")
WAYHOUSE_PUSH_HOSTS = environ.words("WAYHOUSE_PUSH_HOSTS", ",".join(environ.PUSH_SERVICES))
# Only for a demonstration: e-mails and text messages count as delivered and go nowhere.
WAYHOUSE_PRETENDED_WAYS = environ.flag("WAYHOUSE_PRETENDED_WAYS", default=False)
WAYHOUSE_SMS_URL = environ.text("WAYHOUSE_SMS_URL")
WAYHOUSE_SMS_AUTHORIZATION = environ.text("WAYHOUSE_SMS_AUTHORIZATION")
WAYHOUSE_SMS_BODY = environ.text("WAYHOUSE_SMS_BODY", '{"to": "{to}", "text": "{text}", "id": "{id}"}')
# Hosts of the operator's own network that may be called, such as a gateway in the same house.
WAYHOUSE_INSIDE_HOSTS = environ.words("WAYHOUSE_INSIDE_HOSTS")
ADMINS: list[tuple[str, str]] = []
CONTENT_SECURITY_POLICY = CSP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environ.flag("WAYHOUSE_BEHIND_PROXY") else None
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
# Other sites get nothing; "no-referrer" would make browsers send "Origin: null" with our own forms (decision 10).
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "wayhouse.core.discreet.DiscreetFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
