import type { ActivityEvent } from '../../client';

/** What an event means for its owner, where it is one to look at twice. */
const remarks: Partial<Record<ActivityEvent['event'], string>> = {
  sign_in_failed: 'Someone entered a wrong password.',
  sign_ins_limited: 'After many wrong passwords, more were refused for a while.',
  refresh_reused: 'An old copy of a session’s key was used, so the session was ended.',
};

export function remarkOn(event: ActivityEvent['event']): string | undefined {
  return remarks[event];
}
