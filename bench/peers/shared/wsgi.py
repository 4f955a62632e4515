"""The WSGI application of the peer whose folder is the working directory."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
