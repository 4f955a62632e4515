"""The WSGI application that gunicorn serves: ``gunicorn oddjobbox.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oddjobbox.settings")

application = get_wsgi_application()
