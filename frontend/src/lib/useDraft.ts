import { useState } from 'react';

import { drafts, type Values } from './drafts';

export interface DraftOptions<V extends Values> {
  /** The name that the draft is kept under. */
  name: string;
  /** Whose form it is, where someone is signed in. */
  owner?: number;
  initial: V;
  /** Fields that never leave the memory. */
  secrets?: readonly (keyof V & string)[];
}

/** The values of a form, which begins with what was typed into it before, if anything was. */
export function useDraft<V extends Values>({ name, owner, initial, secrets }: DraftOptions<V>) {
  const draft = `${owner ?? 'visitor'}:${name}`;
  const [kept] = useState(() => pick(drafts.read(draft), initial));
  const [values, setValues] = useState<V>({ ...initial, ...kept });
  return {
    values,
    setValue: (field: string, value: string) => {
      const next = { ...values, [field]: value };
      setValues(next);
      drafts.keep(draft, next, secrets ?? []);
    },
    drop: () => drafts.drop(draft),
    restored: Object.keys(kept).length > 0,
  };
}

function pick<V extends Values>(found: Values, initial: V): Partial<V> {
  const known = Object.entries(found).filter(
    ([field, value]) => field in initial && value !== initial[field],
  );
  return Object.fromEntries(known) as Partial<V>;
}
