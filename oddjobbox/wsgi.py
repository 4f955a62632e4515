"""The WSGI application that gunicorn serves: ``gunicorn oddjobbox.wsgi``."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from oddjobbox.handlers import ReadableContentType, WithLength

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")


class Request(ReadableContentType, WSGIRequest):
    """Django's request, with a Content-Type that can be read."""


class Handler(WithLength, WSGIHandler):
    """Django's handler, with a length for its responses."""

    request_class = Request


django.setup(set_prefix=False)
application = Handler()
