import { useEffect, useRef, type ReactNode } from 'react';
import { useNavigationType } from 'react-router';

import { siteName } from '../config/env';

interface Props {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}

// Screen readers announce the first page themselves, so its heading does not get the focus.
let firstTitle: string | null = null;

/** A page with its title and heading. The heading gets the focus after a navigation. */
export function Page({ title, lead, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const navigationType = useNavigationType();

  useEffect(() => {
    document.title = `${title} · ${siteName}`;
    firstTitle ??= title;
    if (title === firstTitle) return;
    firstTitle = '';
    heading.current?.focus({ preventScroll: true });
    // The browser restores the scroll position itself when going back.
    if (navigationType !== 'POP') scrollTo(0, 0);
  }, [title, navigationType]);

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
