"""Commands for those who work on the code. They read it with Django set up."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")
django.setup()
