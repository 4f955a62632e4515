"""The public keys."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class JWKSView(APIView):
    """Publish the public keys (RFC 7517 §5); a shared secret has none."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response({"keys": []}, headers={"Cache-Control": "public, max-age=300"})
