import { useState } from 'react';

import type { AuthError } from '../client';
import type { Values } from './drafts';
import { explainInForm } from './errors';
import { useAction } from './useAction';
import { useDraft, type DraftOptions } from './useDraft';

type FieldErrors = Record<string, string | undefined>;

interface Options<V extends Values, R> extends DraftOptions<V> {
  check?: (values: V) => Partial<Record<keyof V, string | undefined>>;
  send: (values: V) => Promise<R>;
  done: (result: R, values: V) => void;
  failed?: (error: AuthError) => void;
}

/** The state of a form: its values, their draft, the errors of its fields, and the request. */
export function useForm<V extends Values, R>(options: Options<V, R>) {
  const { values, setValue, drop, restored } = useDraft(options);
  const { fieldErrors, failures, setFieldErrors, clearFieldError } = useFieldErrors();
  const action = useAction({
    run: options.send,
    done: (result: R, sent: V) => {
      drop();
      options.done(result, sent);
    },
    failed: (error) => {
      setFieldErrors(fieldErrorsOf(error, values));
      options.failed?.(error);
    },
  });

  /** Check the values in the browser. Return whether they can be sent. */
  function check(): boolean {
    const found = Object.entries(options.check?.(values) ?? {}).filter(([, error]) => error);
    setFieldErrors(Object.fromEntries(found) as FieldErrors);
    return found.length === 0;
  }

  return {
    values,
    /** How often the form was rejected. Each time, the first invalid field gets the focus. */
    failures,
    check,
    send: () => action.start(values),
    /** Delete the draft, when the user cancels. */
    discard: drop,
    restored,
    action,
    formError:
      action.error && !action.pending
        ? formErrorOf(action.error, values, action.waitSeconds)
        : null,
    field: (name: keyof V & string) => ({
      name,
      value: values[name] ?? '',
      error: fieldErrors[name],
      onValue: (value: string) => {
        setValue(name, value);
        clearFieldError(name);
      },
    }),
  };
}

export type FormState = Pick<
  ReturnType<typeof useForm<Values, unknown>>,
  'failures' | 'check' | 'send' | 'discard' | 'restored' | 'formError'
> & { action: { pending: boolean; slow: boolean; waitSeconds: number } };

function fieldErrorsOf(error: AuthError, values: Values): FieldErrors {
  const shown = Object.entries(error.fields).filter(([field]) => field in values);
  return Object.fromEntries(
    shown.map(([field, messages]) => [field, messages.map(({ message }) => message).join(' ')]),
  );
}

function useFieldErrors() {
  const [fieldErrors, setErrors] = useState<FieldErrors>({});
  const [failures, setFailures] = useState(0);
  return {
    fieldErrors,
    failures,
    setFieldErrors: (errors: FieldErrors) => {
      setErrors(errors);
      setFailures((count) => count + 1);
    },
    clearFieldError: (field: string) => setErrors((all) => ({ ...all, [field]: undefined })),
  };
}

/** Return the message of an error that belongs to no field of this form, or null. */
function formErrorOf(error: AuthError, values: Values, waitSeconds: number): string | null {
  if (error.retryAfterSeconds && waitSeconds === 0) return 'You can try again now.';
  const fields = Object.entries(error.fields);
  if (fields.length === 0) return explainInForm(error);
  const others = fields.filter(([field]) => !(field in values)).flatMap(([, messages]) => messages);
  return others.length > 0 ? others.map(({ message }) => message).join(' ') : null;
}
