import type { AuthError } from '../client';

const linkErrors = ['key_used', 'key_expired', 'key_invalid'] as const;

/** Why a link from a mail does not work. */
export type LinkError = (typeof linkErrors)[number];

/** Read the fragment of a mail's link. Browsers do not send it to the server. */
export function readLink(hash: string): { uid: string; key: string } {
  const fragment = new URLSearchParams(hash.replace(/^#/, ''));
  return { uid: fragment.get('uid') ?? '', key: fragment.get('key') ?? '' };
}

/** Return why the link was rejected, or null if the error is not about the link. */
export function linkErrorOf(error: Pick<AuthError, 'code'>): LinkError | null {
  return linkErrors.find((code) => code === error.code) ?? null;
}
