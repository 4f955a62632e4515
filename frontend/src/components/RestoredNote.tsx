/** Tells that a form still holds what was typed before the session ended or the page was left. */
export function RestoredNote({ shown }: { shown: boolean }) {
  if (!shown) return null;
  return <p className="restored">What you typed earlier is still here.</p>;
}
