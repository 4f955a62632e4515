"""The catalogue of errors: every refusal that a client can meet, with what to do about it.

``docs/errors.md`` and the page ``/docs/errors`` are made from this module, and
:mod:`authentication.api.exceptions` turns its classes into answers.
"""

import secrets
from collections.abc import Iterator


class CatalogueError(Exception):
    """A refusal with a machine-readable code.

    It does not inherit from DRF's ``AuthenticationFailed``, which DRF turns into 403 on a view
    without authentication classes.
    """

    status = 400
    code = ""
    title = ""
    hint = ""

    def __init__(self, detail: str = "", *, retry_after_seconds: int | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after_seconds = retry_after_seconds
        self.reference = ""


class TokenRefused(CatalogueError):
    """A token was sent and is not accepted (RFC 6750 §3.1, ``invalid_token``)."""

    status = 401


class BadRequest(CatalogueError):
    code = "bad_request"
    title = "The request could not be understood."
    hint = "Check the Host header, the query and the number of form fields."


class ParseError(CatalogueError):
    code = "parse_error"
    title = "The body is not valid JSON."
    hint = "Send one UTF-8 JSON object, as JSON.stringify writes it."


class InvalidInput(CatalogueError):
    code = "invalid_input"
    title = "The input is not valid."
    hint = "Show each message beside its field; the codes of the messages are listed below."


class KeyInvalid(CatalogueError):
    code = "key_invalid"
    title = "This link is not valid."
    hint = "Ask for the whole link of the mail, or offer a new one."


class KeyUsed(CatalogueError):
    code = "key_used"
    title = "This link has been used, or a newer change has replaced it."
    hint = "Go on as if it had worked, or offer a new link."


class KeyExpired(CatalogueError):
    code = "key_expired"
    title = "This link has expired."
    hint = "Offer a new link."


class NotAuthenticated(CatalogueError):
    status = 401
    code = "not_authenticated"
    title = "Authentication credentials were not provided."
    hint = "Sign in, and send the token as the header 'Authorization: Bearer <token>'."


class TokenInvalid(TokenRefused):
    code = "token_invalid"
    title = "Invalid authentication. Could not decode token."
    hint = "Drop the token and ask for a sign-in. It is cut short, of another kind or not ours."


class TokenExpired(TokenRefused):
    code = "token_expired"
    title = "This token has expired."
    hint = "Use the refresh token at /auth/refresh; without one, ask for a sign-in."


class SessionEnded(TokenRefused):
    code = "session_ended"
    title = "This session has ended."
    hint = "Ask for a sign-in. The session was signed out, or its password changed."


class RefreshReused(TokenRefused):
    code = "refresh_reused"
    title = "This refresh token was used before; the session has been ended."
    hint = "Ask for a sign-in. Someone else may have had the token, so look through the sessions."


class UserInactive(TokenRefused):
    code = "user_inactive"
    title = "This user has been deactivated."
    hint = "Signing in again does not help. Only the site's staff can reactivate the account."


class PermissionDenied(CatalogueError):
    status = 403
    code = "permission_denied"
    title = "You do not have permission to perform this action."
    hint = "The token is fine, the account lacks the right. Another account may have it."


class EmailNotVerified(CatalogueError):
    status = 403
    code = "email_not_verified"
    title = "This email address has not been verified."
    hint = "Ask to follow the link in the mail; offer to send it again by /auth/email/resend."


class OriginNotAllowed(CatalogueError):
    status = 403
    code = "origin_not_allowed"
    title = "Requests from this origin may not use the refresh cookie."
    hint = "Add the frontend's origin to CORS_ALLOWED_ORIGINS, or use refresh_in: body."


class NotFound(CatalogueError):
    status = 404
    code = "not_found"
    title = "Not found."
    hint = "Check the path and the id. What belongs to another account is not found either."


class MethodNotAllowed(CatalogueError):
    status = 405
    code = "method_not_allowed"
    title = "This method is not allowed here."
    hint = "Use one of the methods that the Allow header names."


class NotAcceptable(CatalogueError):
    status = 406
    code = "not_acceptable"
    title = "None of the accepted media types can be answered with."
    hint = "Send 'Accept: application/json'."


class InUse(CatalogueError):
    status = 409
    code = "in_use"
    title = "This account cannot be deleted while other data depends on it."
    hint = "Remove or hand over what belongs to the account first."


class LengthRequired(CatalogueError):
    status = 411
    code = "length_required"
    title = "A request with a body needs a Content-Length header."
    hint = "Send the body in one piece instead of in chunks."


class TooLarge(CatalogueError):
    status = 413
    code = "too_large"
    title = "The body is too large."
    hint = "Keep it under 64 KiB."


class UnsupportedMediaType(CatalogueError):
    status = 415
    code = "unsupported_media_type"
    title = "This media type is not supported."
    hint = "Send 'Content-Type: application/json' (or a urlencoded form), in UTF-8."


class Throttled(CatalogueError):
    status = 429
    code = "throttled"
    title = "Too many requests."
    hint = "Wait for as many seconds as the Retry-After header says."


class ServerError(CatalogueError):
    status = 500
    code = "server_error"
    title = "Something went wrong on the server."
    hint = "Try again later. The 'reference' in the body names the line in the server's log."

    def __init__(self) -> None:
        super().__init__()
        self.reference = secrets.token_hex(8)


class Busy(CatalogueError):
    status = 503
    code = "busy"
    title = "Too many passwords are being checked at this moment."
    hint = "Repeat the request after Retry-After; nothing was checked or changed by this one."

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class Unavailable(CatalogueError):
    status = 503
    code = "unavailable"
    title = "The database cannot be reached."
    hint = "Try again after as many seconds as the Retry-After header says."


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


# Codes of single messages in an answer of InvalidInput, each with its hint.
INPUT_CODES = {
    "required": "Send the field.",
    "null": "Send text, or leave the field out.",
    "blank": "Ask for some text.",
    "invalid": "Send a value of the right type and form; the message says which.",
    "invalid_choice": "Send one of the values that the documentation lists.",
    "max_length": "Ask for a shorter value.",
    "null_characters_not_allowed": "Remove the NUL characters.",
    "surrogate_characters_not_allowed": "Send valid Unicode.",
    "username_invalid": "Ask for 6 to 25 letters, digits and underscores.",
    "email_invalid": "Ask for an address such as name@example.com.",
    "unique": "Ask for another one, or offer a sign-in.",
    "password_too_short": "Ask for a longer password; a sentence is easy to remember.",
    "password_too_long": "Ask for at most 128 characters.",
    "password_too_common": "Ask for a password that is not on every attacker's list.",
    "password_entirely_numeric": "Ask for a password with more than digits in it.",
    "password_too_similar": "Ask for a password unlike the username and the address.",
    "password_too_predictable": "Ask for a password that is more than a name with digits around it.",
    "password_incorrect": "Ask for the current password again.",
    "credentials_invalid": "Ask for both again; which one is wrong is not told.",
    "user_inactive": "Signing in again does not help; only staff can reactivate the account.",
    "read_only": "Use the path that the message names.",
}
