import { useEffect, useRef } from 'react';

import { Icon } from '../../components/Icon';
import type { ActivityEvent } from '../../client';
import { day, timeOfDay } from '../../lib/time';
import { remarkOn } from './remarks';

interface Props {
  events: ActivityEvent[];
  /** The event that reading goes on with, after older ones were asked for. */
  goOnAt: number | null;
}

export function ActivityList({ events, goOnAt }: Props) {
  return byDay(events).map(([title, ofDay]) => (
    <section key={title} className="day">
      <h2>{title}</h2>
      <ul className="list">
        {ofDay.map((event) => (
          <Entry key={event.id} event={event} focused={event.id === goOnAt} />
        ))}
      </ul>
    </section>
  ));
}

function Entry({ event, focused }: { event: ActivityEvent; focused: boolean }) {
  const item = useRef<HTMLLIElement>(null);
  const remark = remarkOn(event.event);
  useEffect(() => {
    if (focused) item.current?.focus();
  }, [focused]);

  return (
    <li ref={item} className="list-item" tabIndex={-1}>
      <span className={remark ? 'mark mark-warn' : 'mark'}>
        <Icon name={remark ? 'warning' : 'ring'} />
      </span>
      <div className="list-text">
        <p className="list-title">{event.title}</p>
        {remark && <p className="list-remark">{remark}</p>}
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

function byDay(events: ActivityEvent[]): [string, ActivityEvent[]][] {
  const days = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    const title = day(event.at);
    days.set(title, [...(days.get(title) ?? []), event]);
  }
  return [...days];
}
