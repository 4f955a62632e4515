"""Describe operations in the OpenAPI document.

A ``schema`` module beside ``views`` describes the endpoints of its package with :func:`operation`:
their bodies, examples and the errors that they alone can return. :class:`OwnSchema` adds the errors
of the view's class, and :func:`complete` writes everything out from the catalogue of errors.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from authentication.api import errors
from authentication.api.schema.responses import Error, Json, Message, error_response, header, schemas

View = TypeVar("View", bound=Callable[..., Any])
Endpoint = tuple[str, str, str, Any]
FACTS = "x-facts"
OPTIONAL_SLASH = ("/?", "/?$", "/?\\Z")
# Security requirements; the last one means that no credential is needed.
BEARER: Json = {"bearer": []}
PUBLIC: Json = {}

ANY_REQUEST: tuple[Error, ...] = (errors.BadRequest, errors.ServerError)
WITH_BODY: tuple[Error, ...] = (errors.ParseError, errors.InvalidInput, errors.UnsupportedMediaType)
REJECTED_TOKEN: tuple[Error, ...] = (
    errors.TokenInvalid,
    errors.TokenExpired,
    errors.SessionEnded,
    errors.UserInactive,
)
WITH_TOKEN: tuple[Error, ...] = (errors.NotAuthenticated, *REJECTED_TOKEN)
# An operation that exists cannot return these two: the path or the method would be another one.
ANY_OTHER_REQUEST: tuple[Error, ...] = (errors.NotFound, errors.MethodNotAllowed)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an operation that its view declares.

    ``headers`` are those of a successful response; ``parameters`` are shared components by name.
    """

    errors: Sequence[Error] = ()
    messages: Sequence[Message] = ()
    headers: Mapping[str, Json] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    cache: str = "no-store"


class OwnSchema(AutoSchema):
    """Describe a view of this app, whose class lists the errors of its every operation."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Json | None:
        """Return the operation with the errors of the view's class among its facts."""
        described: Json | None = super().get_operation(*args, **kwargs)
        if described is not None:
            facts: Facts = described.get(FACTS, Facts())
            described[FACTS] = replace(facts, errors=[*facts.errors, *getattr(self.view, "errors", ())])
        return described


def operation(
    operation_id: str,
    *,
    tag: str,
    summary: str,
    description: str,
    request: Any = None,
    status: int = 200,
    response: Any = None,
    sent: Mapping[str, Any] | None = None,
    received: Mapping[str, Any] | None = None,
    security: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    facts: Facts = Facts(),
) -> Callable[[View], View]:
    """Return a decorator that documents a view's method; put it above DRF's ``@action``.

    ``sent`` and ``received`` are examples by title. ``security`` lists the alternatives if the view
    itself reads credentials.
    """
    described = extend_schema(
        operation_id=operation_id,
        tags=[tag],
        summary=summary,
        description=description,
        request=request,
        responses={status: OpenApiResponse(response, description=f"{HTTPStatus(status).phrase}.")},
        examples=[*_examples(sent, is_sent=True), *_examples(received, is_sent=False)],
        auth=security,
        parameters=list(parameters),
        extensions={FACTS: facts},
    )
    return lambda view: _keep(described, view)


def _examples(values: Mapping[str, Any] | None, *, is_sent: bool) -> list[OpenApiExample]:
    return [
        OpenApiExample(name, value, request_only=is_sent, response_only=not is_sent)
        for name, value in (values or {}).items()
    ]


def _keep(described: Callable[[View], View], view: View) -> View:
    documented: Any = view
    # Otherwise extend_schema derives from the project's DEFAULT_SCHEMA_CLASS.
    documented.schema = OwnSchema
    described(documented)
    # DRF sets the arguments of an @action on the view at each request. A schema among them would
    # keep a reference to the last request.
    documented.schema = documented.kwargs.pop("schema")
    return view


def prepare(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Restore the schemas of handlers, and list a path with an optional slash once, without it."""
    endpoints = list(endpoints)
    paths = {path for path, *_ in endpoints}
    found: dict[tuple[str, str], Endpoint] = {}
    for path, regex, method, view in endpoints:
        if getattr(view.cls, "is_oddjobbox", False):
            _restore(view, method.lower())
        bare = path.rstrip("/")
        name = bare if bare in paths or regex.endswith(OPTIONAL_SLASH) else path
        found.setdefault((name, method), (name, regex, method, view))
    return list(found.values())


def _restore(view: Any, method: str) -> None:
    handler: Any = getattr(view.cls, getattr(view, "actions", {}).get(method, method))
    handler.kwargs["schema"] = handler.schema


def complete(result: Json, **kwargs: Any) -> Json:
    """Add the headers and the errors of every operation, and the components that they share."""
    components = result["components"]
    shared: dict[str, Json] = {}
    parameters: dict[str, Json] = {}
    for methods in result["paths"].values():
        for described in methods.values():
            # An operation of another app may have no facts.
            facts: Facts = described.pop(FACTS, Facts(cache=""))
            _add_parameters(described, facts, parameters)
            _add_headers(described, facts)
            _add_errors(described, facts, shared)
    _refer(ANY_OTHER_REQUEST[:1], (), shared)
    _refer(ANY_OTHER_REQUEST[1:], (), shared)
    components["schemas"] = dict(sorted({**components["schemas"], **schemas()}.items()))
    components["responses"] = dict(sorted(shared.items()))
    components["parameters"] = parameters
    return result


def _add_parameters(described: Json, facts: Facts, shared: dict[str, Json]) -> None:
    for name, parameter in facts.parameters.items():
        shared[name] = parameter
        described.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{name}"})


def _add_headers(described: Json, facts: Facts) -> None:
    headers = {**facts.headers}
    if facts.cache:
        text = "Whether the response may be cached."
        headers = {"Cache-Control": header(text, {"type": "string", "const": facts.cache}), **headers}
    for success in described["responses"].values():
        if headers:
            success["headers"] = headers


def _add_errors(described: Json, facts: Facts, shared: dict[str, Json]) -> None:
    by_status: dict[int, list[Error]] = {}
    for error in sorted(_errors(described, facts), key=lambda error: (error.status, error.code)):
        by_status.setdefault(error.status, []).append(error)
    for status, found in by_status.items():
        described["responses"][str(status)] = _refer(found, facts.messages, shared)


def _errors(described: Json, facts: Facts) -> set[Error]:
    found = {*facts.errors, *ANY_REQUEST}
    if "requestBody" in described:
        found.update(WITH_BODY)
    if described.get("security") == [BEARER]:
        found.update(WITH_TOKEN)
    return found


def _refer(found: Sequence[Error], messages: Sequence[Message], shared: dict[str, Json]) -> Json:
    """Return the response itself, or a reference if many operations share it."""
    name = "Unauthorized" if {*found} == {*WITH_TOKEN} else found[0].__name__ if len(found) == 1 else None
    if name is None:
        return error_response(found, messages)
    shared[name] = error_response(found, messages)
    return {"$ref": f"#/components/responses/{name}"}
