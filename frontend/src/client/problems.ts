import {
  AuthError,
  type ErrorCode,
  type FieldMessages,
  type InputCode,
  unexpectedResponse,
} from './errors';
import { errorCodeValues } from './schema';

type JsonObject = Record<string, unknown>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCode(value: unknown): value is ErrorCode {
  return (errorCodeValues as readonly unknown[]).includes(value);
}

/** Return the API's error code in a response body, or undefined. */
export function codeOf(body: unknown): ErrorCode | undefined {
  return isObject(body) && isCode(body.code) ? body.code : undefined;
}

/** Convert an error response, either an RFC 9457 problem or `{"detail", "code"}`. */
export function errorFrom(response: Response, body: unknown): AuthError {
  const code = codeOf(body);
  if (code === undefined || !isObject(body)) return unexpectedResponse(response.status);
  return new AuthError({
    code,
    status: response.status,
    message: textOf(body.detail) ?? textOf(body.title) ?? code,
    fields: fieldsOf(body.errors),
    retryAfterSeconds: wholeSeconds(response.headers.get('Retry-After')),
    reference: textOf(body.reference),
  });
}

function fieldsOf(errors: unknown): FieldMessages {
  // Without a prototype, so that any field name can be used.
  const fields: FieldMessages = Object.create(null);
  for (const error of Array.isArray(errors) ? errors : []) {
    if (!isObject(error) || typeof error.field !== 'string') continue;
    (fields[error.field] ??= []).push({
      code: error.code as InputCode,
      message: String(error.message),
    });
  }
  return fields;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Read `Retry-After` in seconds (RFC 9110 §10.2.3). A date would depend on the client's clock. */
function wholeSeconds(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
