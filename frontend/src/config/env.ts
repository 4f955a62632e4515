/** The site's name, in page titles and beside the logo. */
export const siteName = 'Oddjobbox';

const configured = import.meta.env.VITE_API_URL as string | undefined;

// A name, so that the bundler does not look for a file.
const parent = '..';

/**
 * The path in front of every page, such as `/shop` where a proxy shows the server below it; otherwise
 * empty. Every file of the build is in a folder beside index.html.
 */
export const basePath = import.meta.env.DEV
  ? ''
  : new URL(parent, import.meta.url).pathname.replace(/\/$/, '');

/**
 * The API's URL: the page's own origin or, in development, port 8000 of the same host name. The
 * host name must match because a cookie for `localhost` is not sent to `127.0.0.1`.
 */
export const apiUrl =
  configured ||
  (import.meta.env.DEV
    ? `${location.protocol}//${location.hostname}:8000`
    : location.origin + basePath);
