"""The ASGI application, for a server such as uvicorn: ``uvicorn oddjobbox.asgi:application``."""

import os
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest

from oddjobbox.handlers import ReadableContentType, WithLength

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")


class Request(ReadableContentType, ASGIRequest):
    """Django's request, which has the length of its body also where HTTP/2 did not name it."""

    def __init__(self, scope: dict[str, Any], body_file: Any) -> None:
        super().__init__(scope, body_file)
        if "CONTENT_LENGTH" not in self.META:
            self.META["CONTENT_LENGTH"] = str(body_file.seek(0, os.SEEK_END))
            body_file.seek(0)


class Handler(WithLength, ASGIHandler):
    """Django's handler, with a length for its responses."""

    request_class = Request


# Each request has a thread of its own here, with which its connections would be left open.
for database in settings.DATABASES.values():
    database["CONN_MAX_AGE"] = 0

django.setup(set_prefix=False)
application = Handler()
