import { useEffect, useRef, type ReactNode } from 'react';
import { useNavigationType } from 'react-router';

import { siteName } from '../config/site';

interface Props {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}

// The browser itself reads out the first page; a focus that moved there would only disturb.
let firstTitle: string | null = null;

/** A page: its title, its heading, which gets the focus when one arrives, and what it holds. */
export function Page({ title, lead, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const arrival = useNavigationType();

  useEffect(() => {
    document.title = `${title} · ${siteName}`;
    firstTitle ??= title;
    if (title === firstTitle) return;
    firstTitle = '';
    heading.current?.focus({ preventScroll: true });
    // On the way back the browser finds the old place itself.
    if (arrival !== 'POP') scrollTo(0, 0);
  }, [title, arrival]);

  return (
    <div className="page">
      <header className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p className="lead">{lead}</p>}
      </header>
      {children}
    </div>
  );
}
