"""The WSGI application that gunicorn serves: ``gunicorn oddjobbox.wsgi``."""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")


class Request(WSGIRequest):
    """Django's request; a Content-Type that it cannot read is none at all, instead of a 500."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except ValueError:
            self.content_type, self.content_params = "", {}


application = get_wsgi_application()
application.request_class = Request
