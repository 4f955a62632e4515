"""A password login for knox, as in its documentation, and a view that requires its token."""

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.urls import path
from knox.views import LoginView
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer


class PasswordLogin(LoginView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def post(self, request: Request, format: str | None = None) -> Response:
        credentials = AuthTokenSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        login(request, credentials.validated_data["user"])
        return super().post(request, format=None)


class UserSerializer(ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "username", "email")


class Me(RetrieveAPIView[User]):
    permission_classes = (IsAuthenticated,)
    serializer_class = UserSerializer

    def get_object(self) -> User:
        return self.request.user


urlpatterns = [path("me/", Me.as_view()), path("login/", PasswordLogin.as_view())]
