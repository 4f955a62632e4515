import { useState } from 'react';

import { drafts, type Values } from './drafts';

export interface DraftOptions<V extends Values> {
  /** The draft's name. */
  name: string;
  /** The account's id, if a user is signed in. */
  owner?: number;
  initial: V;
  /** Fields that are kept in memory only. */
  secrets?: readonly (keyof V & string)[];
}

/** The values of a form, starting with those of its draft if there is one. */
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
