"""The public keys."""

from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.errors import LengthRequired, TooLarge
from authentication.api.views import PublicView
from authentication.tokens import schema


class JWKSView(PublicView):
    """Publish the public keys (RFC 7517 §5).

    Services may cache them for five minutes.
    """

    # The keys do not come from the database.
    errors = (LengthRequired, TooLarge)

    @schema.get_keys
    def get(self, request: Request) -> Response:
        return Response({"keys": []}, headers={"Cache-Control": schema.KEY_SET_CACHE})
