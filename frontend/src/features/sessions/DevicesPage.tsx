import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';

import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { ListSkeleton } from '../../components/Skeleton';
import { auth } from '../../lib/auth';
import { trustedNow } from '../../lib/time';
import { DeviceList } from './DeviceList';
import { EndOthers } from './EndOthers';

export default function DevicesPage() {
  const list = useRef<HTMLUListElement>(null);
  const focusList = () => list.current?.focus();
  const query = useQuery({
    queryKey: ['sessions'],
    queryFn: async () => ({ sessions: await auth.sessions(), asked: Date.now() }),
  });
  return (
    <Page
      title="Devices"
      lead="Everywhere you are signed in. If you do not know one of these, end it and change your password."
    >
      <Loaded query={query} skeleton={<ListSkeleton rows={3} />}>
        {({ sessions, asked }) => {
          const mine = sessions.filter(({ current }) => current);
          const others = sessions.filter(({ current }) => !current);
          return (
            <>
              <DeviceList
                onEnded={focusList}
                ref={list}
                sessions={[...mine, ...others]}
                now={trustedNow(mine[0]?.last_seen_at, asked)}
              />
              {others.length > 0 ? (
                <EndOthers count={others.length} onEnded={focusList} />
              ) : (
                <p className="quiet">You are signed in nowhere else.</p>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
