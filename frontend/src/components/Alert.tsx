import type { ReactNode } from 'react';

import { Icon, type IconName } from './Icon';

type Tone = 'info' | 'good' | 'warn' | 'bad';

const icons: Record<Tone, IconName> = {
  info: 'info',
  good: 'check',
  warn: 'warning',
  bad: 'warning',
};

interface Props {
  tone: Tone;
  /** Announce the alert as soon as it appears: for errors, not for text that is there at first. */
  urgent?: boolean;
  children: ReactNode;
}

export function Alert({ tone, urgent = false, children }: Props) {
  return (
    <div className={`alert alert-${tone}`} role={urgent ? 'alert' : undefined}>
      <Icon name={icons[tone]} />
      <div className="alert-text">{children}</div>
    </div>
  );
}
