import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { Loaded } from '../../components/Loaded';
import { Page } from '../../components/Page';
import { ListSkeleton } from '../../components/Skeleton';
import { auth } from '../../lib/auth';
import { ActivityList } from './ActivityList';
import { ShowOlder } from './ShowOlder';

export default function ActivityPage() {
  const [focusedId, setFocusedId] = useState<number | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['events'],
    queryFn: ({ pageParam }) => auth.events(pageParam === '' ? {} : { cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

  async function showOlder(): Promise<void> {
    const { data } = await query.fetchNextPage();
    setFocusedId(data?.pages.at(-1)?.results[0]?.id ?? null);
  }

  return (
    <Page
      title="Activity"
      lead="Recent activity on your account, newest first. If you see something you don't recognise, change your password."
    >
      <Loaded query={query} skeleton={<ListSkeleton rows={5} />}>
        {({ pages }) => {
          const events = pages.flatMap(({ results }) => results);
          if (events.length === 0) return <p className="quiet">No activity yet.</p>;
          return (
            <>
              <ActivityList events={events} focusedId={focusedId} />
              <ShowOlder query={query} onShow={() => void showOlder()} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
