import { useSyncExternalStore } from 'react';

interface Notice {
  text: string;
  next: boolean;
}

let notice: Notice | null = null;
const listeners = new Set<() => void>();

/** Say something on this page; leaving it takes the words away. */
export function say(text: string): void {
  change({ text, next: false });
}

/** Say something on the page that comes next. */
export function sayOnNextPage(text: string): void {
  change({ text, next: true });
}

export function dismissNotice(): void {
  change(null);
}

/** To be called on each change of page. */
export function turnPage(): void {
  if (notice) change(notice.next ? { ...notice, next: false } : null);
}

export function currentNotice(): string {
  return notice && !notice.next ? notice.text : '';
}

export function useNotice(): string {
  return useSyncExternalStore(subscribe, currentNotice);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: Notice | null): void {
  notice = next;
  listeners.forEach((listener) => listener());
}
