import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';

import type { FormState } from '../lib/useForm';
import { ActionButton, ActionStatus } from './ActionButton';
import { Alert } from './Alert';

const INVALID = '[aria-invalid="true"]';

interface Props {
  form: FormState;
  /** The label of the button. */
  submit: string;
  /** The label while the request is pending. */
  busy: string;
  danger?: boolean;
  /** Called instead of sending a valid form, for a confirmation in between. */
  onReady?: () => void;
  /** Elements beside the button. */
  beside?: ReactNode;
  children: ReactNode;
}

export function Form({ form, submit, busy, danger = false, onReady, beside, children }: Props) {
  const element = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (form.failures > 0) element.current?.querySelector<HTMLElement>(INVALID)?.focus();
  }, [form.failures]);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (form.check()) (onReady ?? form.send)();
  }

  return (
    <form ref={element} className="form" noValidate onSubmit={onSubmit}>
      {children}
      {form.formError && (
        <Alert tone="bad" urgent>
          <p>{form.formError}</p>
        </Alert>
      )}
      <div className="form-actions">
        <ActionButton
          action={form.action}
          type="submit"
          kind={danger ? 'danger' : 'primary'}
          busy={busy}
        >
          {submit}
        </ActionButton>
        {beside}
      </div>
      <ActionStatus action={form.action} />
    </form>
  );
}
