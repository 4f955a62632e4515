import type { Ref } from 'react';

import { Icon, type IconName } from '../../components/Icon';
import type { Session } from '../../client';
import { moment, relativeTime } from '../../lib/time';
import { SignOutDevice } from './SignOutDevice';

interface Props {
  sessions: Session[];
  now: number;
  ref: Ref<HTMLUListElement>;
  /** Called before the row with the focused button is removed. */
  onSignedOut: () => void;
}

export function DeviceList({ sessions, now, ref, onSignedOut }: Props) {
  return (
    <ul className="list" ref={ref} tabIndex={-1} aria-label="Devices">
      {sessions.map((session) => (
        <li key={session.id} className="list-item">
          <Icon name={iconFor(session.device)} />
          <div className="list-text">
            <p className="list-title">
              {session.device} {session.current && <span className="badge">This device</span>}
            </p>
            <p className="list-detail">
              {session.ip && <span>{session.ip}</span>}
              <span>
                {session.current ? 'Active now' : <LastSeen session={session} now={now} />}
              </span>
              <span>
                Signed in <time dateTime={session.created_at}>{moment(session.created_at)}</time>
              </span>
            </p>
          </div>
          {!session.current && <SignOutDevice session={session} onSignedOut={onSignedOut} />}
        </li>
      ))}
    </ul>
  );
}

function LastSeen({ session, now }: { session: Session; now: number }) {
  return (
    <>
      Last seen{' '}
      <time dateTime={session.last_seen_at} title={moment(session.last_seen_at)}>
        {relativeTime(session.last_seen_at, now)}
      </time>
    </>
  );
}

function iconFor(device: string): IconName {
  if (/iPad/.test(device)) return 'tablet';
  if (/iPhone|Android/.test(device)) return 'phone';
  return /Windows|Mac|Linux|ChromeOS/.test(device) ? 'laptop' : 'terminal';
}
