"""The frame of the OpenAPI document, as settings of drf-spectacular."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "TITLE": "Oddjobbox",
    "DESCRIPTION": (
        "Accounts, sign-in and sessions for a React app.\n\n"
        "Request and response bodies are JSON; URL-encoded forms are accepted, too. Every path works with "
        "and without a trailing slash. An error is `{detail, code}`, or messages by field for invalid "
        "input; with `Accept: application/problem+json` both are RFC 9457 problems. An unknown path returns "
        "404 `not_found`, a wrong method 405 `method_not_allowed` with `Allow`. "
        "[All error codes, and how to handle them](/docs/errors)."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "TAGS": [
        {
            "name": "Sign-in",
            "description": "Creating accounts, signing in, refreshing tokens and signing out.",
        },
        {"name": "Email", "description": "Email addresses and forgotten passwords, with links in mails."},
        {"name": "Account", "description": "The user's account and password."},
        {"name": "Sessions", "description": "The devices that are signed in."},
        {"name": "Keys", "description": "For services that verify tokens."},
        {"name": "Health", "description": "For orchestrators; any `Host` is accepted."},
    ],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "refreshCookie": {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-oddjobbox_refresh",
                "description": "Set by a sign-in with `refresh_in: cookie`. In DEBUG over plain HTTP, "
                "its name is `oddjobbox_refresh`.",
            }
        }
    },
    "PREPROCESSING_HOOKS": ["authentication.api.schema.operations.prepare"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "authentication.api.schema.operations.complete",
        "oddjobbox.docs.add_health",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The default validator is a service on the internet.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
}
