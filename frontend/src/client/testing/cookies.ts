/**
 * Return a `fetch` with a cookie jar, which Node's lacks. It handles names, values and deletion,
 * but not paths or hosts, because there is only one server.
 */
export function fetchWithCookies(): typeof fetch {
  const jar = new Map<string, string>();
  return async (input, init) => {
    const request = new Request(input, init);
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookies && request.credentials === 'include') request.headers.set('Cookie', cookies);
    const response = await fetch(request);
    for (const header of response.headers.getSetCookie()) keep(jar, header);
    return response;
  };
}

function keep(jar: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split(';');
  const [name = '', value = ''] = [
    pair.slice(0, pair.indexOf('=')),
    pair.slice(pair.indexOf('=') + 1),
  ];
  if (attributes.some((attribute) => attribute.trim() === 'Max-Age=0')) jar.delete(name);
  else jar.set(name, value);
}
