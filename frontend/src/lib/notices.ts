import { useSyncExternalStore } from 'react';

export interface Notice {
  text: string;
  tone: 'good' | 'bad';
}

let current: Notice | null = null;
let upcoming: Notice | null = null;
const listeners = new Set<() => void>();

/** Show a notice until the next navigation. */
export function showNotice(text: string, tone: Notice['tone'] = 'good'): void {
  change({ text, tone }, null);
}

/** Show a notice after the next navigation. */
export function showNoticeOnNextPage(text: string): void {
  change(null, { text, tone: 'good' });
}

/** Drop the current and the upcoming notice. */
export function dismissNotice(): void {
  change(null, null);
}

/** Drop the current notice and show the upcoming one. Call it after each navigation. */
export function advanceNotice(): void {
  if (current ?? upcoming) change(upcoming, null);
}

export function currentNotice(): Notice | null {
  return current;
}

export function useNotice(): Notice | null {
  return useSyncExternalStore(subscribe, currentNotice);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(now: Notice | null, next: Notice | null): void {
  current = now;
  upcoming = next;
  listeners.forEach((listener) => listener());
}
