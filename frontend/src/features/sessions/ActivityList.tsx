import { useEffect, useRef } from 'react';

import { Icon } from '../../components/Icon';
import type { ActivityEvent } from '../../client';
import { day, timeOfDay } from '../../lib/time';

/** What to tell the user about events that may be an attack. */
const warnings: Partial<Record<ActivityEvent['event'], string>> = {
  sign_in_failed: 'Someone entered a wrong password.',
  sign_ins_limited: 'Sign-in was blocked for a while after many wrong passwords.',
  refresh_reused: 'An old sign-in token was reused, so the session was ended.',
};

interface Props {
  events: ActivityEvent[];
  /** The first of the events that were just added, which gets the focus. */
  focusedId: number | null;
}

export function ActivityList({ events, focusedId }: Props) {
  return groupByDay(events).map(([title, ofDay]) => (
    <section key={title} className="day">
      <h2>{title}</h2>
      <ul className="list">
        {ofDay.map((event) => (
          <Entry key={event.id} event={event} focused={event.id === focusedId} />
        ))}
      </ul>
    </section>
  ));
}

function Entry({ event, focused }: { event: ActivityEvent; focused: boolean }) {
  const item = useRef<HTMLLIElement>(null);
  const warning = warnings[event.event];
  useEffect(() => {
    if (focused) item.current?.focus();
  }, [focused]);

  return (
    <li ref={item} className="list-item" tabIndex={-1}>
      <span className={warning ? 'mark mark-warn' : 'mark'}>
        <Icon name={warning ? 'warning' : 'ring'} />
      </span>
      <div className="list-text">
        <p className="list-title">{event.title}</p>
        {warning && <p className="list-warning">{warning}</p>}
        <p className="list-detail">
          <span>{event.device}</span>
          {event.ip && <span>{event.ip}</span>}
        </p>
      </div>
      <time className="list-time" dateTime={event.at}>
        {timeOfDay(event.at)}
      </time>
    </li>
  );
}

function groupByDay(events: ActivityEvent[]): [string, ActivityEvent[]][] {
  const days = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    const title = day(event.at);
    days.set(title, [...(days.get(title) ?? []), event]);
  }
  return [...days];
}
