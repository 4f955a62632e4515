"""The public keys."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authentication.api.schema import operations

KEY_SET = {
    "type": "object",
    "required": ["keys"],
    "properties": {
        "keys": {
            "type": "array",
            "items": {"type": "object", "required": ["kty"], "properties": {"kty": {"type": "string"}}},
        }
    },
}
CACHE = "public, max-age=300"


class JWKSView(APIView):
    """Publish the public keys (RFC 7517 §5); a shared secret has none."""

    authentication_classes = ()
    permission_classes = ()

    @operations.operation(
        "getKeys",
        tag="Keys",
        summary="Read the public keys",
        description="A JWK Set (RFC 7517 §5), empty while tokens are signed with a shared secret.",
        answer=KEY_SET,
        received={"Signed with a shared secret": {"keys": []}},
        security=[operations.PUBLIC],
        facts=operations.Facts(cache=CACHE),
    )
    def get(self, request: Request) -> Response:
        return Response({"keys": []}, headers={"Cache-Control": CACHE})
