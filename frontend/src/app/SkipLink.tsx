import type { MouseEvent } from 'react';

/** The first stop of the Tab key: past what is the same on every page. */
export function SkipLink() {
  function skip(event: MouseEvent): void {
    // Not by the address, whose `#` may hold the key of a mail's link.
    event.preventDefault();
    document.getElementById('main')?.focus();
  }
  return (
    <a className="skip" href="#main" onClick={skip}>
      Skip to the content
    </a>
  );
}
