"""The views of an app beside this one, written as for any project with Django and DRF."""

from typing import Any

from django.contrib.auth.decorators import login_required, user_passes_test
from django.core import exceptions as django
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import path
from rest_framework import permissions, serializers
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import FileUploadParser, JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, BaseThrottle
from rest_framework.versioning import AcceptHeaderVersioning
from rest_framework.views import APIView

from authentication.backends import JWTAuthentication
from authentication.models import User

# The exception that the next request raises, and the place that raises it.
raised: dict[str, Exception] = {}


def _raise(place: str) -> None:
    if place in raised:
        raise raised[place]


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> None:
        _raise("authentication")

    def authenticate_header(self, request: Request) -> str:
        return 'ApiKey realm="api"'


class Permission(permissions.BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        _raise("permission")
        return True


class Throttle(BaseThrottle):
    def allow_request(self, request: Request, view: APIView) -> bool:
        _raise("throttle")
        return True


class Parser(JSONParser):
    def parse(self, *args: Any, **kwargs: Any) -> Any:
        _raise("parser")
        return super().parse(*args, **kwargs)


class Negotiation(BaseContentNegotiation):
    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        _raise("negotiation")
        return renderers[0], renderers[0].media_type


class Serializer(serializers.Serializer[Any]):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _raise("serializer")
        return attrs


class Raise(APIView):
    """Raise an exception at every place where a view can meet one."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (Permission,)
    throttle_classes = (Throttle,)
    parser_classes = (Parser,)
    content_negotiation_class = Negotiation

    def post(self, request: Request) -> Response:
        Serializer(data=request.data).is_valid(raise_exception=True)
        _raise("view")
        return Response({})


class Open(APIView):
    authentication_classes = ()
    permission_classes = ()


class RaiseOpen(Open):
    def get(self, request: Request) -> Response:
        _raise("view")
        return Response({})


class NeedsPlan(permissions.BasePermission):
    message, code = "Your plan has no exports.", "plan_required"

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class Export(Open):
    permission_classes = (NeedsPlan,)


class ByKey(APIView):
    authentication_classes = (KeyAuthentication, JWTAuthentication)

    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user)})


class BySession(APIView):
    authentication_classes: Any = (SessionAuthentication,)

    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user)})

    post = get


class BySessionOrToken(BySession):
    authentication_classes = (SessionAuthentication, JWTAuthentication)


class ByTokenOrSession(BySession):
    authentication_classes = (JWTAuthentication, SessionAuthentication)


class ByDefault(APIView):
    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user), "session": str(request.auth.session.pk)})


class Upload(Open):
    parser_classes = (FileUploadParser,)

    def put(self, request: Request, filename: str) -> Response:
        return Response({"size": request.data["file"].size})


class Form(Open):
    def post(self, request: Request) -> Response:
        file = request.FILES.get("file")
        return Response({"name": request.data.get("name"), "size": file.size if file else None})


class CSVRenderer(BaseRenderer):
    media_type, format = "text/csv", "csv"

    def render(self, data: Any, *args: Any) -> str:
        return "a,b\n1,2\n"


class Report(Open):
    renderer_classes = (JSONRenderer, CSVRenderer)

    def get(self, request: Request) -> Response:
        _raise("view")
        return Response({"a": 1, "b": 2})


class ThreeAMinute(AnonRateThrottle):
    rate = "3/min"


class Limited(Open):
    throttle_classes = (ThreeAMinute,)

    def get(self, request: Request) -> Response:
        return Response({"ok": True})


class Versioned(Open):
    versioning_class = AcceptHeaderVersioning

    def get(self, request: Request) -> Response:
        return Response({"version": request.version})


class When(serializers.Serializer[Any]):
    due = serializers.DateTimeField()


class Echo(Open):
    def post(self, request: Request) -> Response:
        when = When(data=request.data)
        when.is_valid(raise_exception=True)
        return Response(When(when.validated_data).data)


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user))


async def who_async(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(await request.auser()))


def template(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string("{{ user }}").render({}, request))


def fail(request: HttpRequest, what: str) -> HttpResponse:
    if what == "missing":
        get_object_or_404(User, pk=0)
    raise {"404": Http404("No."), "403": django.PermissionDenied("No."), "400": django.BadRequest("No.")}[
        what
    ]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<style>p{color:red}</style><p>Hello</p>")


def page_with_policy(request: HttpRequest) -> HttpResponse:
    return HttpResponse("", headers={"Content-Security-Policy": "default-src https:"})


urlpatterns = [
    path("raise", Raise.as_view()),
    path("raise-open", RaiseOpen.as_view()),
    path("export", Export.as_view()),
    path("key", ByKey.as_view()),
    path("session", BySession.as_view()),
    path("session-or-token", BySessionOrToken.as_view()),
    path("token-or-session", ByTokenOrSession.as_view()),
    path("default", ByDefault.as_view()),
    path("upload/<filename>", Upload.as_view()),
    path("form", Form.as_view()),
    path("report", Report.as_view()),
    path("limited", Limited.as_view()),
    path("version", Versioned.as_view()),
    path("echo", Echo.as_view()),
    path("who", who),
    path("who-async", who_async),
    path("template", template),
    path("login-required", login_required(who)),
    path("staff-only", user_passes_test(lambda user: user.is_staff)(who)),
    path("fail/<what>", fail),
    path("page", page),
    path("page-with-policy", page_with_policy),
]
