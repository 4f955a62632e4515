import type { components } from './schema';

/**
 * The catalogue's codes, and two for what the catalogue cannot know: `network`, when no answer
 * came, and `unexpected`, when an answer came that is not the API's (a proxy's page, say).
 */
export type ErrorCode = components['schemas']['ErrorCode'] | 'network' | 'unexpected';

/** The codes of the messages beside a field. */
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

/** The one error that the client throws. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: ErrorCode;
  /** The HTTP status, 0 when no answer came. */
  readonly status: number;
  /** Messages by field, of `invalid_input`; `non_field_errors` belong to none. */
  readonly fields: FieldMessages;
  /** Of `throttled`, `busy` and `unavailable`: how long to wait. */
  readonly retryAfterSeconds?: number;
  /** Of `server_error`: names the line in the server's log. */
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

export function unexpectedAnswer(status: number, cause?: unknown): AuthError {
  return new AuthError({
    code: 'unexpected',
    status,
    message: 'The server gave an answer that was not understood.',
    cause,
  });
}

export function sessionEnded(): AuthError {
  return new AuthError({ code: 'session_ended', status: 401, message: 'This session has ended.' });
}
