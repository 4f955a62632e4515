"""Base classes of this app's own views.

The project's defaults for DRF are for the views of other apps. A view of this app keeps its parsers,
renderer and form of errors whatever those defaults are, and wherever it is mounted.
"""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from rest_framework.authentication import BaseAuthentication
from rest_framework.metadata import SimpleMetadata
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from authentication.api import exceptions
from authentication.api.errors import CatalogueError, LengthRequired, TooLarge, Unavailable
from authentication.api.parsers import FormParser, JSONOnly, JSONParser
from authentication.api.schema.operations import OwnSchema

# Named by its path, as in DRF's settings, because its package is a layer above this one.
TOKEN_AUTHENTICATION = "authentication.backends.JWTAuthentication"


class OwnView(APIView):
    """A view of this app, independent of the project's defaults."""

    is_oddjobbox: ClassVar[bool] = True
    # Errors that any request to the view can meet before its handler is called, or in it.
    errors: ClassVar[tuple[type[CatalogueError], ...]] = (LengthRequired, TooLarge, Unavailable)
    parser_classes = (JSONParser, FormParser)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JSONOnly
    metadata_class = SimpleMetadata
    throttle_classes = ()
    versioning_class = None
    schema = OwnSchema()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Call the handler with the URL arguments it names.

        A project may include the URLs below a pattern with arguments of its own, such as a version.
        """
        if args or kwargs:
            kwargs = self._named(str(request.method).lower(), kwargs)
        return super().dispatch(request, **kwargs)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Respond in JSON whatever the client accepts (RFC 9110 §12.4.1)."""
        renderer = self.renderer_classes[0]()
        return renderer, str(renderer.media_type)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Return this app's exception handler."""
        return exceptions.handle

    def _named(self, method: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        names = signature(getattr(self, method, self.http_method_not_allowed)).parameters
        return {name: value for name, value in kwargs.items() if name in names}


class PublicView(OwnView):
    """A view that ignores the Authorization header."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class SignedInView(OwnView):
    """A view that requires an access token."""

    permission_classes: Sequence[type[BasePermission]] = (IsAuthenticated,)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Return the authentication by access token."""
        return [import_string(TOKEN_AUTHENTICATION)()]


class PublicViewSet(PublicView, ViewSet):
    """Router-mapped actions that ignore the Authorization header."""


def is_own(view: Callable[..., Any]) -> bool:
    """Return whether a resolved view, such as ``resolver_match.func``, is one of this app."""
    return bool(getattr(getattr(view, "cls", None), "is_oddjobbox", False))


def validated(serializer_class: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """Return the body's validated data. Raises DRF's ValidationError."""
    serializer = serializer_class(data=request.data, context={"request": request})
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
