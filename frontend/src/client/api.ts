import createClient, { type Client } from 'openapi-fetch';
import { AuthError, networkError, unexpectedResponse } from './errors';
import { errorFrom } from './problems';
import type { Send } from './requests';
import type { paths } from './schema';

export type Api = Client<paths>;

/** Make an API client with typed calls, which are sent by `send`. */
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

/** Return the body of a successful response; throws `AuthError` for any other outcome. */
export async function bodyOf<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call.catch(rethrow);
  if (!response.ok) throw errorFrom(response, error);
  return data as T;
}

function rethrow(cause: unknown): never {
  if (cause instanceof AuthError) throw cause;
  // Not JSON: a proxy or a captive portal responded instead of the API.
  if (cause instanceof SyntaxError) throw unexpectedResponse(200, cause);
  throw networkError(cause);
}
