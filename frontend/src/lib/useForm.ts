import { useState } from 'react';

import type { AuthError } from '../client';
import type { Values } from './drafts';
import { explainKept } from './errors';
import { useAction } from './useAction';
import { useDraft, type DraftOptions } from './useDraft';

type Faults = Record<string, string | undefined>;

interface Options<V extends Values, R> extends DraftOptions<V> {
  check?: (values: V) => Partial<Record<keyof V, string | undefined>>;
  send: (values: V) => Promise<R>;
  done: (answer: R, values: V) => void;
  failed?: (error: AuthError) => void;
}

/** A form that checks, sends, shows what was refused where it belongs, and loses nothing. */
export function useForm<V extends Values, R>(options: Options<V, R>) {
  const { values, setValue, drop, restored } = useDraft(options);
  const { faults, refusals, refuse, forgive } = useFaults();
  const action = useAction({
    run: options.send,
    done: (answer: R, sent: V) => {
      drop();
      options.done(answer, sent);
    },
    failed: (error) => {
      refuse(faultsOf(error, values));
      options.failed?.(error);
    },
  });

  /** Check what can be checked here; true where there is something to send. */
  function check(): boolean {
    const found = Object.entries(options.check?.(values) ?? {}).filter(([, fault]) => fault);
    refuse(Object.fromEntries(found) as Faults);
    return found.length === 0;
  }

  return {
    values,
    /** How often something was refused; each time the first field that is wrong gets the focus. */
    refusals,
    check,
    send: () => action.start(values),
    /** For who cancels: what was typed is not wanted any more. */
    discard: drop,
    restored,
    action,
    problem:
      action.error && !action.pending ? problemOf(action.error, values, action.waitSeconds) : null,
    field: (name: keyof V & string) => ({
      name,
      value: values[name] ?? '',
      error: faults[name],
      onValue: (value: string) => {
        setValue(name, value);
        forgive(name);
      },
    }),
  };
}

export type FormState = Pick<
  ReturnType<typeof useForm<Values, unknown>>,
  'refusals' | 'check' | 'send' | 'problem'
> & { action: { pending: boolean; slow: boolean; waitSeconds: number } };

function faultsOf(error: AuthError, values: Values): Faults {
  const shown = Object.entries(error.fields).filter(([field]) => field in values);
  return Object.fromEntries(
    shown.map(([field, messages]) => [field, messages.map(({ message }) => message).join(' ')]),
  );
}

function useFaults() {
  const [faults, setFaults] = useState<Faults>({});
  const [refusals, setRefusals] = useState(0);
  return {
    faults,
    refusals,
    refuse: (found: Faults) => {
      setFaults(found);
      setRefusals((count) => count + 1);
    },
    forgive: (field: string) => setFaults((all) => ({ ...all, [field]: undefined })),
  };
}

/** The words for a refusal that belongs to no field of this form, or null. */
function problemOf(error: AuthError, values: Values, waitSeconds: number): string | null {
  if (error.retryAfterSeconds && waitSeconds === 0) return 'You can try again now.';
  const fields = Object.entries(error.fields);
  if (fields.length === 0) return explainKept(error);
  const others = fields.filter(([field]) => !(field in values)).flatMap(([, messages]) => messages);
  return others.length > 0 ? others.map(({ message }) => message).join(' ') : null;
}
