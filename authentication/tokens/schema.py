"""How the OpenAPI document describes the public keys, and examples of every kind of token."""

from authentication.api.schema.operations import PUBLIC, Facts, operation

# The signatures are made up.
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpZCI6MSwic3ViIjoiMSJ9.bWFkZS11cC1zaWduYXR1cmU"
REFRESH = "oj_" + "bWFkZS11cC1yZWZyZXNoLXRva2Vu" * 2 + "bWFkZS11cC1yZW"
DEVICE = "ojd_" + "bWFkZS11cC1kZXZpY2UtbWFya2Vy" + "bWFkZS11cC1tYXJrZXItbWFkZQ"
KEY = "ojk_" + "bWFkZS11cC1rZXktb2YtYS1saW5r" * 2 + "bWFk"

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
KEY_SET_CACHE = "public, max-age=300"

get_keys = operation(
    "getKeys",
    tag="Keys",
    summary="Get the public keys",
    description="A JWK Set (RFC 7517 §5). It is empty while tokens are signed with a shared secret.",
    response=KEY_SET,
    received={"Signed with a shared secret": {"keys": []}},
    security=[PUBLIC],
    facts=Facts(cache=KEY_SET_CACHE),
)
