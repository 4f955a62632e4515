"""The schema, the page to read and try it, and the catalogue of errors."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authentication.api.errors import INPUT_CODES, Unavailable, catalogue
from authentication.api.schema.operations import FACTS, Facts
from oddjobbox.health import read_only

# Swagger UI writes style attributes; its scripts are files of our own.
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# What Django's never_cache sends.
NEVER_CACHE = "max-age=0, no-cache, no-store, must-revalidate, private"
HEALTH = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "const": "ok"}},
}


def add_health(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Describe the health checks, which are plain Django views and so not found by DRF's means."""
    live = _health("live", "Whether the process answers", Facts(cache=NEVER_CACHE))
    facts = Facts(errors=[Unavailable], cache=NEVER_CACHE)
    ready = _health("ready", "Whether the database answers too", facts)
    result["paths"] |= {"/health/live": {"get": live}, "/health/ready": {"get": ready}}
    return result


def _health(operation_id: str, summary: str, facts: Facts) -> dict[str, Any]:
    examples = {"Ok": {"value": {"status": "ok"}}}
    answer = {
        "description": summary + ".",
        "content": {"application/json": {"schema": HEALTH, "examples": examples}},
    }
    return {
        "operationId": operation_id,
        "tags": ["Health"],
        "summary": summary,
        "description": "Any `Host` is served, and nothing is kept by caches.",
        "security": [{}],
        "responses": {"200": answer},
        FACTS: facts,
    }


@cache
def _schema() -> dict[str, Any]:
    """Make the document once per process: it takes a while, and any stranger can ask for it."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


class Public(APIView):
    """What anyone may read, in the form that the client accepts; refusals are JSON all the same."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = DefaultContentNegotiation

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        if final.exception:
            final.accepted_renderer = JSONRenderer()
            final.accepted_media_type = JSONRenderer.media_type
        return final


class SchemaView(Public, SpectacularAPIView):
    """OpenAPI 3.1, as YAML or as JSON by what the client accepts."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_schema())


class DocsView(Public, SpectacularSwaggerSplitView):
    """The schema as a page; everything it needs comes from this server."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response


@read_only
def errors(request: HttpRequest) -> HttpResponse:
    """Show the catalogue of errors; the ``type`` of a problem document points here."""
    context = {"errors": list(catalogue()), "input_codes": INPUT_CODES}
    response = render(request, "authentication/errors.html", context)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response
