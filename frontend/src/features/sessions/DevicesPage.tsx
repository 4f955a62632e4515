import { useRef } from 'react';

import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { ListSkeleton } from '../../components/Skeleton';
import { trustedNow } from '../../lib/time';
import { DeviceList } from './DeviceList';
import { useSessions } from './queries';
import { SignOutOthers } from './SignOutOthers';

export default function DevicesPage() {
  const list = useRef<HTMLUListElement>(null);
  const focusList = () => list.current?.focus();
  return (
    <Page
      title="Devices"
      lead="Everywhere you're signed in. If you see a device you don't recognise, sign it out and change your password."
    >
      <Loaded query={useSessions()} skeleton={<ListSkeleton rows={3} />}>
        {({ sessions, requestedAt }) => {
          const current = sessions.filter((session) => session.current);
          const others = sessions.filter((session) => !session.current);
          return (
            <>
              <DeviceList
                ref={list}
                sessions={[...current, ...others]}
                now={trustedNow(current[0]?.last_seen_at, requestedAt)}
                onSignedOut={focusList}
              />
              {others.length > 0 ? (
                <SignOutOthers count={others.length} onSignedOut={focusList} />
              ) : (
                <p className="quiet">No other devices.</p>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
