"""The catalogue of errors: every error a client can get, and what to do about it.

``docs/errors.md`` and the page at ``/docs/errors`` are generated from this module, and
:mod:`authentication.api.exceptions` turns its classes into responses.
"""

import secrets
from collections.abc import Iterator

from rest_framework import exceptions as drf

CHALLENGE = 'Bearer realm="oddjobbox"'


class CatalogueError(drf.APIException):
    """An error with a machine-readable code.

    Its attributes are those DRF's own exception handler reads, so that a project that replaces the
    handler still gets the right status, detail and headers.
    """

    status = 400
    code = ""
    title = ""
    hint = ""

    def __init__(self, detail: str = "", *, retry_after_seconds: int | None = None) -> None:
        super().__init__(detail or self.title, self.code)
        self.status_code = self.status
        self.retry_after_seconds = self.wait = retry_after_seconds
        self.reference = ""
        if self.status == 401:
            self.auth_header = self.challenge()

    @classmethod
    def challenge(cls) -> str:
        """Return the ``WWW-Authenticate`` header of a 401 (RFC 6750 §3)."""
        return CHALLENGE


class TokenRefused(CatalogueError, drf.AuthenticationFailed):
    """A token was sent and is not accepted (RFC 6750 §3.1, ``invalid_token``).

    A subclass of DRF's exception, because callers of an authentication class catch that one.
    """

    status = 401

    @classmethod
    def challenge(cls) -> str:
        return f'{CHALLENGE}, error="invalid_token", error_description="{cls.title}"'


class BadRequest(CatalogueError):
    code = "bad_request"
    title = "The request could not be understood."
    hint = "Check the Host header, the query string and the number of form fields."


class ParseError(CatalogueError):
    code = "parse_error"
    title = "The body is not valid JSON."
    hint = "Send a single JSON object encoded in UTF-8, such as the output of JSON.stringify."


class InvalidInput(CatalogueError):
    code = "invalid_input"
    title = "The input is not valid."
    hint = "Show each message next to its field. The codes of the messages are listed below."


class KeyInvalid(CatalogueError):
    code = "key_invalid"
    title = "This link is not valid."
    hint = "Ask the user to copy the whole link from the email, or offer to send a new one."


class KeyUsed(CatalogueError):
    code = "key_used"
    title = "This link has been used, or a newer change has replaced it."
    hint = "Continue as if it had worked, or offer to send a new link."


class KeyExpired(CatalogueError):
    code = "key_expired"
    title = "This link has expired."
    hint = "Offer to send a new link."


class NotAuthenticated(CatalogueError):
    status = 401
    code = "not_authenticated"
    title = "Authentication credentials were not provided."
    hint = "Sign in, then send the token in the header 'Authorization: Bearer <token>'."


class TokenInvalid(TokenRefused):
    code = "token_invalid"
    title = "Invalid authentication. Could not decode token."
    hint = "Discard the token and ask the user to sign in. This server did not issue it in this form."


class TokenExpired(TokenRefused):
    code = "token_expired"
    title = "This token has expired."
    hint = "Use the refresh token. If there is none, ask the user to sign in."


class SessionEnded(TokenRefused):
    code = "session_ended"
    title = "This session has ended."
    hint = "Ask the user to sign in. The session was signed out, or the password was changed."


class RefreshReused(TokenRefused):
    code = "refresh_reused"
    title = "This refresh token was used before; the session has been ended."
    hint = "Ask the user to sign in and to review their sessions: someone else may have a copy of the token."


class UserInactive(TokenRefused):
    code = "user_inactive"
    title = "This user has been deactivated."
    hint = "Signing in again will not help. Only the site's staff can reactivate the account."


class PermissionDenied(CatalogueError):
    status = 403
    code = "permission_denied"
    title = "You do not have permission to perform this action."
    hint = "The token is valid, but the account does not have the required permission."


class EmailNotVerified(CatalogueError):
    status = 403
    code = "email_not_verified"
    title = "This email address has not been verified."
    hint = "Ask the user to follow the link in the email, and offer to send it again."


class OriginNotAllowed(CatalogueError):
    status = 403
    code = "origin_not_allowed"
    title = "Requests from this origin may not use the refresh cookie."
    hint = "Add the frontend's origin to CORS_ALLOWED_ORIGINS, or sign in with 'refresh_in': 'body'."


class NotFound(CatalogueError):
    status = 404
    code = "not_found"
    title = "Not found."
    hint = "Check the path and the id. Another account's data is reported as not found, too."


class MethodNotAllowed(CatalogueError):
    status = 405
    code = "method_not_allowed"
    title = "This method is not allowed here."
    hint = "Use one of the methods listed in the Allow header."


class NotAcceptable(CatalogueError):
    status = 406
    code = "not_acceptable"
    title = "None of the media types in the Accept header is available."
    hint = "Send 'Accept: application/json'."


class InUse(CatalogueError):
    status = 409
    code = "in_use"
    title = "This account cannot be deleted while other data depends on it."
    hint = "Delete the data that belongs to the account, or transfer it to another account, first."


class LengthRequired(CatalogueError):
    status = 411
    code = "length_required"
    title = "A request with a body needs a Content-Length header."
    hint = "Send the body in one piece instead of with chunked transfer encoding."


class TooLarge(CatalogueError):
    status = 413
    code = "too_large"
    title = "The body is too large."
    hint = "Send at most 64 KiB."


class UnsupportedMediaType(CatalogueError):
    status = 415
    code = "unsupported_media_type"
    title = "This media type is not supported."
    hint = "Send JSON or a URL-encoded form in UTF-8, with a matching Content-Type header."


class Throttled(CatalogueError):
    status = 429
    code = "throttled"
    title = "Too many requests."
    hint = "Wait for the number of seconds in the Retry-After header."


class ServerError(CatalogueError):
    status = 500
    code = "server_error"
    title = "Something went wrong on the server."
    hint = "Try again later. The 'reference' in the body identifies the entry in the server's log."

    def __init__(self) -> None:
        super().__init__()
        self.reference = secrets.token_hex(8)


class Busy(CatalogueError):
    status = 503
    code = "busy"
    title = "The server is busy. Try again in a moment."
    hint = "Repeat the request after the number of seconds in Retry-After. Nothing was checked or changed."

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class Unavailable(CatalogueError):
    status = 503
    code = "unavailable"
    title = "The database cannot be reached."
    hint = "Try again after the number of seconds in the Retry-After header."


def catalogue() -> Iterator[type[CatalogueError]]:
    """Yield every error that has a code, in order of status and code."""
    pending = [CatalogueError]
    found: list[type[CatalogueError]] = []
    while pending:
        error = pending.pop()
        pending.extend(error.__subclasses__())
        if error.code:
            found.append(error)
    yield from sorted(found, key=lambda error: (error.status, error.code))


# The codes of the messages in an InvalidInput response, each with its hint.
INPUT_CODES = {
    "required": "Send the field.",
    "null": "Send text, or omit the field.",
    "blank": "Ask for a value that is not empty.",
    "invalid": "Send a value of the type and format that the message names.",
    "invalid_choice": "Send one of the values listed in the API documentation.",
    "max_length": "Ask for a shorter value.",
    "null_characters_not_allowed": "Remove the NUL characters.",
    "surrogate_characters_not_allowed": "Send valid Unicode.",
    "username_invalid": "Ask for 6 to 25 letters, digits and underscores.",
    "email_invalid": "Ask for an address such as name@example.com.",
    "unique": "Ask for a different value, or offer to sign in.",
    "password_too_short": "Ask for a longer password. A sentence is easy to remember.",
    "password_too_long": "Ask for at most 128 characters.",
    "password_too_common": "Ask for a less common password. Attackers try this one first.",
    "password_entirely_numeric": "Ask for a password that is not made of digits only.",
    "password_too_similar": "Ask for a password that does not resemble the username or the email address.",
    "password_too_predictable": "Ask for a password that is more than a name with digits added.",
    "password_incorrect": "Ask for the current password again.",
    "credentials_invalid": "Ask for both again. Which of the two is wrong is not disclosed.",
    "user_inactive": "Signing in again will not help. Only staff can reactivate the account.",
    "read_only": "Use the endpoint named in the message.",
}
