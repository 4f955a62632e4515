import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';

import type { FormState } from '../lib/useForm';
import { ActionButton, ActionStatus } from './ActionButton';
import { Alert } from './Alert';

const WRONG = '[aria-invalid="true"]';

interface Props {
  form: FormState;
  /** What the button says, and what it says while it works. */
  submit: string;
  busy: string;
  danger?: boolean;
  /** Instead of sending at once, when all is there; for a question in between. */
  onReady?: () => void;
  beside?: ReactNode;
  children: ReactNode;
}

export function Form({ form, submit, busy, danger = false, onReady, beside, children }: Props) {
  const element = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (form.refusals > 0) element.current?.querySelector<HTMLElement>(WRONG)?.focus();
  }, [form.refusals]);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (form.check()) (onReady ?? form.send)();
  }

  return (
    <form ref={element} className="form" noValidate onSubmit={onSubmit}>
      {children}
      {form.problem && (
        <Alert tone="bad" urgent>
          <p>{form.problem}</p>
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
