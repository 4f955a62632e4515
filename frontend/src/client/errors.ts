import type { components } from './schema';

/**
 * The API's error codes and two of the client's own: `network` if no response arrived, and
 * `unexpected` if a response did not come from the API (a proxy's error page, for example).
 */
export type ErrorCode = components['schemas']['ErrorCode'] | 'network' | 'unexpected';

/** The codes of field messages. */
export type InputCode = components['schemas']['InputCode'];

export interface FieldMessage {
  code: InputCode;
  message: string;
}

export type FieldMessages = Record<string, FieldMessage[]>;

interface Details {
  code: ErrorCode;
  status: number;
  message: string;
  fields?: FieldMessages;
  retryAfterSeconds?: number | undefined;
  reference?: string | undefined;
  cause?: unknown;
}

/** The only error class that the client throws. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: ErrorCode;
  /** The HTTP status; 0 if no response arrived. */
  readonly status: number;
  /** Messages by field, with `invalid_input`; `non_field_errors` holds those of no field. */
  readonly fields: FieldMessages;
  /** How long to wait, with `throttled`, `busy` and `unavailable`. */
  readonly retryAfterSeconds?: number;
  /** Identifies the entry in the server's log, with `server_error`. */
  readonly reference?: string;

  constructor({ code, status, message, fields, retryAfterSeconds, reference, cause }: Details) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.fields = fields ?? {};
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
    if (reference !== undefined) this.reference = reference;
  }
}

export function networkError(cause: unknown): AuthError {
  return new AuthError({
    code: 'network',
    status: 0,
    message: 'The server could not be reached.',
    cause,
  });
}

export function unexpectedResponse(status: number, cause?: unknown): AuthError {
  return new AuthError({
    code: 'unexpected',
    status,
    message: 'The server sent an unexpected response.',
    cause,
  });
}

export function sessionEnded(): AuthError {
  return new AuthError({ code: 'session_ended', status: 401, message: 'This session has ended.' });
}
