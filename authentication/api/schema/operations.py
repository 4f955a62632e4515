"""What the OpenAPI document says about an operation.

A view names what is its own: its bodies and the refusals that it alone can make. What holds for
every operation of a kind is added by :func:`complete`, from the catalogue of errors, so that the
document cannot say anything else than the answers do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from authentication.api import errors
from authentication.api.schema.responses import Error, Json, Refusal, answer, header, schemas

View = TypeVar("View", bound=Callable[..., Any])
FACTS = "x-facts"
# Security requirements; the last one is none at all.
BEARER: Json = {"bearer": []}
COOKIE: Json = {"refreshCookie": []}
PUBLIC: Json = {}

# What a request meets for what it is: under /auth/, with a body, with a token.
ANY_PATH: tuple[Error, ...] = (errors.BadRequest, errors.ServerError)
AUTH_PATH: tuple[Error, ...] = (errors.LengthRequired, errors.TooLarge, errors.Unavailable)
WITH_BODY: tuple[Error, ...] = (errors.ParseError, errors.InvalidInput, errors.UnsupportedMediaType)
REFUSED_TOKEN: tuple[Error, ...] = (
    errors.TokenInvalid,
    errors.TokenExpired,
    errors.SessionEnded,
    errors.UserInactive,
)
WITH_TOKEN: tuple[Error, ...] = (errors.NotAuthenticated, *REFUSED_TOKEN)


# A signed token, a refresh token, a device marker and the key of a link by their looks; all are made up.
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpZCI6MSwic3ViIjoiMSJ9.bWFkZS11cC1zaWduYXR1cmU"
REFRESH = "oj_" + "bWFkZS11cC1yZWZyZXNoLXRva2Vu" * 2 + "bWFkZS11cC1yZW"
DEVICE = "ojd_" + "bWFkZS11cC1kZXZpY2UtbWFya2Vy" + "bWFkZS11cC1tYXJrZXItbWFkZQ"
KEY = "ojk_" + "bWFkZS11cC1rZXktb2YtYS1saW5r" * 2 + "bWFk"
JANE: Json = {"username": "jane_doe", "email": "jane@example.com"}
LONG: Json = {"token": TOKEN, "expires_in": 5_184_000}
SHORT: Json = {"token": TOKEN, "expires_in": 900}
SIGNED_IN: Json = {
    "One token": {**JANE, **LONG, "device": DEVICE},
    "Refresh token in the body": {**JANE, **SHORT, "refresh": REFRESH, "device": DEVICE},
    "Refresh token in the cookie": {**JANE, **SHORT},
}
REGISTERED: Json = {**SIGNED_IN, "Address to be verified first": {**JANE, "verification": "required"}}


# What every sign-in reads and answers with; a registration may be no sign-in yet.
SIGNED_IN_BODIES = [{"$ref": f"#/components/schemas/{name}"} for name in ("SignedIn", "Registered")]
PARAMETERS: Json = {
    "Device": {
        "name": "X-Device",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": "The `device` of the last sign-in from here, whoever signed in. A device that an "
        "account knows is limited for itself, so strangers who try its password do not lock its owner out. "
        "It proves nothing else, and one that is not ours is as good as none. Without the header the "
        "cookie `__Host-oddjobbox_device` counts, which `refresh_in: cookie` sets.",
        "examples": {"Device": {"value": DEVICE}},
    }
}
REFRESH_COOKIE = "The refresh cookie, set or cleared, where `refresh_in` is `cookie` or a cookie was sent."
DEVICE_COOKIE = " With `refresh_in: cookie` also the cookie of the device."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a view says about its operation, kept until :func:`complete` writes it out."""

    errors: Sequence[Error] = ()
    refusals: Sequence[Refusal] = ()
    uses_cookie: bool = False
    cache: str = "no-store"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The scheme of every view that JWTAuthentication guards; found by its name."""

    target_class = "authentication.backends.JWTAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> Json:
        text = "The `token` of a sign-in, as `Authorization: Bearer <token>`."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": text}


def operation(
    operation_id: str,
    *,
    tag: str,
    summary: str,
    description: str,
    request: Any = None,
    status: int = 200,
    answer: Any = None,
    sent: Mapping[str, Any] | None = None,
    received: Mapping[str, Any] | None = None,
    security: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    facts: Facts = Facts(),
) -> Callable[[View], View]:
    """Document a view's method; goes above DRF's ``@action``.

    ``sent`` and ``received`` are examples by their titles. ``security`` lists the alternatives
    where the view itself reads a credential.
    """
    described = extend_schema(
        operation_id=operation_id,
        tags=[tag],
        summary=summary,
        description=description,
        request=request,
        responses={status: OpenApiResponse(answer, description=summary + ".")},
        examples=[
            *(OpenApiExample(name, value, request_only=True) for name, value in (sent or {}).items()),
            *(OpenApiExample(name, value, response_only=True) for name, value in (received or {}).items()),
        ],
        auth=security,
        parameters=list(parameters),
        extensions={FACTS: facts},
    )

    def keep(view: View) -> View:
        documented: Any = described(view)
        # Left in the action's arguments, DRF would set it on the view at each request, and with it
        # hold on to the last request.
        documented.schema = documented.kwargs.pop("schema")
        return view

    return keep


def prepare(endpoints: Iterable[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Find what views say, and name paths without a trailing slash; both forms are routed."""
    found = []
    for path, regex, method, view in endpoints:
        name = getattr(view, "actions", {}).get(method.lower(), method.lower())
        handler: Any = getattr(view.cls, name)
        if hasattr(handler, "schema"):
            handler.kwargs["schema"] = handler.schema
        found.append((path.rstrip("/"), regex, method, view))
    return found


def complete(result: Json, **kwargs: Any) -> Json:
    """Add the headers and the errors of every operation, and the schemas that they share."""
    shared: dict[str, Json] = {}
    for path, methods in result["paths"].items():
        for described in methods.values():
            _complete(path, described, shared)
    # What an operation cannot answer, being found: another path, another method.
    for error in (errors.NotFound, errors.MethodNotAllowed):
        _refer([error], (), shared)
    components = result["components"]
    components["schemas"] = dict(sorted({**components["schemas"], **schemas()}.items()))
    components["responses"] = dict(sorted(shared.items()))
    components["parameters"] = PARAMETERS
    return result


def _complete(path: str, described: Json, shared: dict[str, Json]) -> None:
    # A view of an app beside this one need not say anything.
    facts: Facts = described.pop(FACTS, Facts(cache=""))
    if _is_sign_in(described):
        described.setdefault("parameters", []).append({"$ref": "#/components/parameters/Device"})
    for success in described["responses"].values():
        headers = {}
        if facts.cache:
            text = "Whether the answer may be kept."
            headers["Cache-Control"] = header(text, {"type": "string", "const": facts.cache})
        if facts.uses_cookie:
            text = REFRESH_COOKIE + (DEVICE_COOKIE if _is_sign_in(described) else "")
            headers["Set-Cookie"] = header(text, {"type": "string"}, required=False)
        if headers:
            success["headers"] = headers
    by_status: dict[int, list[Error]] = {}
    for error in sorted(_errors(path, described, facts), key=lambda error: (error.status, error.code)):
        by_status.setdefault(error.status, []).append(error)
    for status, found in by_status.items():
        described["responses"][str(status)] = _refer(found, facts.refusals, shared)


def _is_sign_in(described: Json) -> bool:
    bodies = [answer.get("content", {}) for answer in described["responses"].values()]
    return any(media.get("schema") in SIGNED_IN_BODIES for body in bodies for media in body.values())


def _errors(path: str, described: Json, facts: Facts) -> set[Error]:
    found = {*facts.errors}
    if path.startswith("/health/"):
        return found
    found.update(ANY_PATH)
    if path.startswith("/auth/"):
        found.update(AUTH_PATH)
    if "requestBody" in described:
        found.update(WITH_BODY)
    if described.get("security") == [BEARER]:
        found.update(WITH_TOKEN)
    if facts.uses_cookie:
        found.add(errors.OriginNotAllowed)
    return found


def _refer(found: list[Error], refusals: Sequence[Refusal], shared: dict[str, Json]) -> Json:
    """Return the answer itself, or a reference where many operations give the same one."""
    name = "Unauthorized" if {*found} == {*WITH_TOKEN} else found[0].__name__ if len(found) == 1 else None
    if name is None:
        return answer(found, refusals)
    shared[name] = answer(found, refusals)
    return {"$ref": f"#/components/responses/{name}"}
