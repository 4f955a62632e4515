import type { MouseEvent } from 'react';

/** The first link for keyboard users, which skips the header. */
export function SkipLink() {
  function skip(event: MouseEvent): void {
    // Without changing the URL, whose fragment may hold the key of a mail's link.
    event.preventDefault();
    document.getElementById('main')?.focus();
  }
  return (
    <a className="skip" href="#main" onClick={skip}>
      Skip to content
    </a>
  );
}
