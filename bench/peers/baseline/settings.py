"""The minimal settings of a Django project with accounts and tokens."""

import os

from startproject import *  # noqa: F403 - settings are inherited as a whole

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
TEMPLATES = []
# A variant of the baseline has the seven middleware of a new project and the apps that they need.
if os.environ.get("BENCH_MIDDLEWARE") == "startproject":
    INSTALLED_APPS += ["django.contrib.sessions", "django.contrib.messages"]
else:
    MIDDLEWARE = []
