import type { AuthError } from '../client';

const refusals = ['key_used', 'key_expired', 'key_invalid'] as const;

/** Why a link from a mail does not work. */
export type KeyRefusal = (typeof refusals)[number];

/** Read what a mail's link carries behind its `#`, which browsers keep to themselves. */
export function readLink(hash: string): { uid: string; key: string } {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  return { uid: found.get('uid') ?? '', key: found.get('key') ?? '' };
}

/** Tell whether it is the link that was refused, and why; null for anything else. */
export function refusalOf(error: Pick<AuthError, 'code'>): KeyRefusal | null {
  return refusals.find((refusal) => refusal === error.code) ?? null;
}
