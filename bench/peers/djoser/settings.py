"""djoser with simplejwt; refresh tokens rotate and used ones are blacklisted."""

from startproject import *  # noqa: F403 - settings are inherited as a whole
from startproject import INSTALLED_APPS

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "rest_framework",
    "rest_framework_simplejwt",
    "rest_framework_simplejwt.token_blacklist",
    "djoser",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"]
}
SIMPLE_JWT = {
    "AUTH_HEADER_TYPES": ["JWT"],
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
}
