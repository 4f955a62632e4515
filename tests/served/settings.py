"""The settings of production, with a few views of another app."""

from oddjobbox.settings import *  # noqa: F403

ROOT_URLCONF = "tests.served.urls"
