interface SessionRow {
  accountId: number;
  generation: number;
}

/** The server's cookies in one browser. */
export interface Jar {
  refresh?: string;
}

type Handler = (request: Request, jar: Jar) => Response | Promise<Response>;

const ACCOUNTS: Record<string, number> = { jane_doe: 1, other_user: 2 };

/**
 * A fake API that can be slow, lose a response or be down at the right moment, which a real one
 * cannot. It follows the contract for sessions and refresh tokens; the live tests use the real
 * server.
 */
export class Server {
  readonly log: string[] = [];
  readonly sessions = new Map<string, SessionRow>();
  expiresIn = 900;
  #serial = 0;
  #expiredUpTo = 0;
  readonly #handlers = new Map<string, Handler[]>();

  /** Expire all access tokens issued so far. */
  expireTokens(): void {
    this.#expiredUpTo = this.#serial;
  }

  /** Use the handler for the next request to the path only. */
  respondOnce(path: string, handler: Handler): void {
    this.#handlers.set(path, [...(this.#handlers.get(path) ?? []), handler]);
  }

  count(path: string): number {
    return this.log.filter((line) => line === path).length;
  }

  /** Return the `fetch` of a browser with this jar. Cookies are stored even if the response is lost. */
  fetchFor(jar: Jar): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname;
      this.log.push(path);
      await shortPause();
      request.signal.throwIfAborted();
      const handler = this.#handlers.get(path)?.shift();
      return (handler ?? ((r, j) => this.respond(r, j)))(request, jar);
    };
  }

  async respond(request: Request, jar: Jar): Promise<Response> {
    const path = new URL(request.url).pathname;
    if (path === '/auth/login' || path === '/auth/registration') return this.#open(request, jar);
    if (path === '/auth/refresh') return this.#refresh(jar);
    if (path === '/auth/logout') return this.#logout(request, jar);
    return this.#protected(request, jar, path);
  }

  async #open(request: Request, jar: Jar): Promise<Response> {
    const { username } = (await request.json()) as { username: string };
    this.sessions.delete(sessionOf(jar));
    return this.#start(ACCOUNTS[username] ?? 3, jar, {
      username,
      email: `${username}@example.com`,
    });
  }

  #start(accountId: number, jar: Jar, more: object): Response {
    const id = crypto.randomUUID();
    this.sessions.set(id, { accountId, generation: 0 });
    jar.refresh = `${id}:0`;
    return json(200, { ...more, ...this.#token(id) });
  }

  #refresh(jar: Jar): Response {
    if (!jar.refresh) return errorResponse(401, 'not_authenticated');
    const row = this.sessions.get(sessionOf(jar));
    if (!row) return errorResponse(401, 'session_ended');
    const used = Number(jar.refresh.split(':')[1]);
    // A second use within the grace period gets the same generation.
    if (used === row.generation) row.generation += 1;
    else if (used !== row.generation - 1) return errorResponse(401, 'refresh_reused');
    jar.refresh = `${sessionOf(jar)}:${row.generation}`;
    return json(200, this.#token(sessionOf(jar)));
  }

  #logout(request: Request, jar: Jar): Response {
    const { sid } = claimsOf(request);
    if (!sid && !jar.refresh) return errorResponse(401, 'not_authenticated');
    this.sessions.delete(String(sid));
    this.sessions.delete(sessionOf(jar));
    delete jar.refresh;
    return new Response(null, { status: 204 });
  }

  async #protected(request: Request, jar: Jar, path: string): Promise<Response> {
    const { sid, jti } = claimsOf(request);
    if (!sid) return errorResponse(401, 'not_authenticated');
    if (Number(jti) <= this.#expiredUpTo) return errorResponse(401, 'token_expired');
    const row = this.sessions.get(String(sid));
    if (!row) return errorResponse(401, 'session_ended');
    if (path === '/auth/password/change') {
      this.sessions.clear();
      return this.#start(row.accountId, jar, {});
    }
    return json(200, { id: row.accountId, sent: await request.text() });
  }

  #token(sid: string) {
    const row = this.sessions.get(sid);
    this.#serial += 1;
    const claims = { id: row?.accountId, sid, gen: row?.generation, jti: this.#serial };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return { token: `e30.${payload}.made-up`, expires_in: this.expiresIn };
  }
}

export function errorResponse(status: number, code: string, headers: HeadersInit = {}): Response {
  const body = { type: `/docs/errors#${code}`, title: code, status, detail: code, code };
  return json(status, body, headers);
}

export function json(status: number, body: unknown, headers: HeadersInit = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

function sessionOf(jar: Jar): string {
  return jar.refresh?.split(':')[0] ?? '';
}

function claimsOf(request: Request): Record<string, unknown> {
  const payload = request.headers.get('Authorization')?.split('.')[1];
  return payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : {};
}

function shortPause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
