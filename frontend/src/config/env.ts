const configured = import.meta.env.VITE_API_URL as string | undefined;

/**
 * Where the API answers: at the server that the page came from, or, while developing, on port 8000
 * of the same host name. A cookie for `localhost` is none for `127.0.0.1`.
 */
export const apiUrl =
  configured ||
  (import.meta.env.DEV ? `${location.protocol}//${location.hostname}:8000` : location.origin);
