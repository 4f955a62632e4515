"""Commands for developing Oddjobbox. Importing them sets up Django."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")
django.setup()
