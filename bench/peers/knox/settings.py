"""knox: opaque tokens, hashed in the database."""

from startproject import *  # noqa: F403 - settings are inherited as a whole
from startproject import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "knox"]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"]}
