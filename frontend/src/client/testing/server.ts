interface SessionRow {
  accountId: number;
  generation: number;
}

/** What a browser keeps of the server's cookies. */
export interface Jar {
  refresh?: string;
}

type Answer = Response | Promise<Response>;
type Handler = (request: Request, jar: Jar) => Answer;

const ACCOUNTS: Record<string, number> = { jane_doe: 1, john_doe: 2 };

/**
 * A stand-in for the API, for what a real one cannot be made to do at the right moment: be late,
 * lose an answer, be down. It keeps the contract's rules of sessions and refresh tokens; the live
 * tests meet the real server.
 */
export class Server {
  readonly log: string[] = [];
  readonly sessions = new Map<string, SessionRow>();
  expiresIn = 900;
  #serial = 0;
  #expiredUpTo = 0;
  readonly #instead = new Map<string, Handler[]>();

  /** Let all access tokens of this moment be expired. */
  expireTokens(): void {
    this.#expiredUpTo = this.#serial;
  }

  /** Answer the next request to the path differently, once. */
  next(path: string, handler: Handler): void {
    this.#instead.set(path, [...(this.#instead.get(path) ?? []), handler]);
  }

  count(path: string): number {
    return this.log.filter((line) => line === path).length;
  }

  /** The `fetch` of a browser with this jar. Cookies are stored even if the page is told nothing. */
  fetchFor(jar: Jar): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname;
      this.log.push(path);
      await later();
      request.signal.throwIfAborted();
      const instead = this.#instead.get(path)?.shift();
      return (instead ?? ((r, j) => this.answer(r, j)))(request, jar);
    };
  }

  async answer(request: Request, jar: Jar): Promise<Response> {
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
    if (!jar.refresh) return refusal(401, 'not_authenticated');
    const row = this.sessions.get(sessionOf(jar));
    if (!row) return refusal(401, 'session_ended');
    const used = Number(jar.refresh.split(':')[1]);
    // Who comes second within the grace gets the same generation.
    if (used === row.generation) row.generation += 1;
    else if (used !== row.generation - 1) return refusal(401, 'refresh_reused');
    jar.refresh = `${sessionOf(jar)}:${row.generation}`;
    return json(200, this.#token(sessionOf(jar)));
  }

  #logout(request: Request, jar: Jar): Response {
    const { sid } = claimsOf(request);
    if (!sid && !jar.refresh) return refusal(401, 'not_authenticated');
    this.sessions.delete(String(sid));
    this.sessions.delete(sessionOf(jar));
    delete jar.refresh;
    return new Response(null, { status: 204 });
  }

  async #protected(request: Request, jar: Jar, path: string): Promise<Response> {
    const { sid, jti } = claimsOf(request);
    if (!sid) return refusal(401, 'not_authenticated');
    if (Number(jti) <= this.#expiredUpTo) return refusal(401, 'token_expired');
    const row = this.sessions.get(String(sid));
    if (!row) return refusal(401, 'session_ended');
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

export function refusal(status: number, code: string, headers: HeadersInit = {}): Response {
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

function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
