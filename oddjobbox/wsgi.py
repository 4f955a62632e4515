"""The WSGI application that gunicorn serves: ``gunicorn oddjobbox.wsgi``."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from oddjobbox.handlers import ReadableContentType, WithLength

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")


class Request(ReadableContentType, WSGIRequest):
    """Django's request, with a Content-Type that can be read, and with or without SCRIPT_NAME in its path."""

    def __init__(self, environ: dict[str, Any]) -> None:
        path = environ.get("PATH_INFO", "")
        if settings.PREFIX and f"{path}/".startswith(f"{settings.PREFIX}/"):
            environ["PATH_INFO"] = path[len(settings.PREFIX) :]
        super().__init__(environ)


class Handler(WithLength, WSGIHandler):
    """Django's handler, with a length for its responses."""

    request_class = Request


django.setup(set_prefix=False)
application = Handler()
