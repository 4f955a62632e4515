import type { ReactNode } from 'react';

import type { ActionState } from '../lib/useAction';

interface Props {
  action: ActionState;
  children: ReactNode;
  /** The label while the request is pending: "Signing in…". */
  busy: string;
  kind?: 'primary' | 'danger' | 'plain';
  type?: 'submit' | 'button';
  onClick?: () => void;
}

/**
 * A button that starts a request. It shows when the request is pending, and counts down while it
 * has to wait. It is never `disabled`, because a disabled button loses the keyboard focus.
 */
export function ActionButton({
  action,
  children,
  busy,
  kind = 'primary',
  type = 'button',
  onClick,
}: Props) {
  const { pending, waitSeconds } = action;
  return (
    <button
      type={type}
      className={`button button-${kind}`}
      aria-disabled={pending || waitSeconds > 0}
      onClick={onClick}
    >
      {pending && <span className="spinner" aria-hidden="true" />}
      {pending ? busy : waitSeconds > 0 ? `Try again in ${clock(waitSeconds)}` : children}
    </button>
  );
}

/** The line under a button, with its height reserved. */
export function ActionStatus({ action }: { action: ActionState }) {
  return (
    <p className="action-status" role="status">
      {action.slow && 'The server is slow to respond. Please wait…'}
    </p>
  );
}

function clock(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, '0')} min`;
}
