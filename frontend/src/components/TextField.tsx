import { useId, type InputHTMLAttributes, type ReactNode } from 'react';

export interface FieldProps {
  name: string;
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
  label: string;
  autoComplete: string;
  hint?: ReactNode;
  /** A list of rules, below the field. */
  rules?: ReactNode;
}

interface Props extends FieldProps {
  type?: 'text' | 'email' | 'password';
  maxLength?: number;
  /** An element inside the field, such as a button that shows the password. */
  end?: ReactNode;
}

// Usernames, emails and passwords must not be corrected or capitalized.
const asTyped: InputHTMLAttributes<HTMLInputElement> = {
  autoCapitalize: 'none',
  autoCorrect: 'off',
  spellCheck: false,
};

export function TextField(props: Props) {
  const {
    name,
    value,
    error,
    onValue,
    label,
    autoComplete,
    hint,
    rules,
    type = 'text',
    end,
  } = props;
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`, rules && `${id}-rules`];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          {...asTyped}
          id={id}
          name={name}
          type={type}
          value={value}
          required
          autoComplete={autoComplete}
          inputMode={type === 'email' ? 'email' : undefined}
          aria-invalid={error !== undefined}
          aria-describedby={described.filter(Boolean).join(' ') || undefined}
          onChange={(event) => onValue(event.target.value)}
        />
        {end}
      </div>
      {rules && <div id={`${id}-rules`}>{rules}</div>}
      <p className="field-note">
        {error ? (
          <span className="field-error" id={`${id}-error`}>
            {error}
          </span>
        ) : (
          hint && <span id={`${id}-hint`}>{hint}</span>
        )}
      </p>
    </div>
  );
}
