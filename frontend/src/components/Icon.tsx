const shapes = {
  check: 'M4 10.5l4 4 8-9',
  ring: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  warning: 'M10 3l7.5 13.5h-15zM10 8.5v3.5M10 14.2v.1',
  info: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 9.2V14M10 6.3v.1',
  mail: 'M2.5 4.5h15v11h-15zM3 5l7 6 7-6',
  close: 'M5 5l10 10M15 5L5 15',
  laptop: 'M4.5 4.5h11v8h-11zM2 15.5h16',
  phone: 'M6.5 2.5h7v15h-7zM9.5 15h1',
  tablet: 'M4.5 2.5h11v15h-11zM9.5 15h1',
  terminal: 'M2.5 4h15v12h-15zM5.5 7.5l2.5 2.5-2.5 2.5M10 12.5h4',
} as const;

export type IconName = keyof typeof shapes;

/** A decorative icon beside text, hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
