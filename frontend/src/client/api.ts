import createClient, { type Client } from 'openapi-fetch';
import { AuthError, networkError, unexpectedAnswer } from './errors';
import { errorFrom } from './problems';
import type { Send } from './requests';
import type { paths } from './schema';

export type Api = Client<paths>;

/** Make typed calls of the API; `send` is what carries them. */
export function makeApi(baseUrl: string, send: Send): Api {
  return createClient<paths>({
    baseUrl,
    fetch: send,
    credentials: 'include',
    headers: { Accept: 'application/problem+json, application/json' },
  });
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Wait for the body of the answer; whatever else comes is thrown as `AuthError`. */
export async function bodyOf<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call.catch(rethrow);
  if (!response.ok) throw errorFrom(response, error);
  return data as T;
}

function rethrow(cause: unknown): never {
  if (cause instanceof AuthError) throw cause;
  // Not JSON at all: a proxy or a hotel's network answered in place of the API.
  if (cause instanceof SyntaxError) throw unexpectedAnswer(200, cause);
  throw networkError(cause);
}
