import { useState } from 'react';

import { TextField, type FieldProps } from './TextField';

/** A password field with a button that shows the password, instead of a second field. */
export function PasswordField(props: FieldProps) {
  const [shown, setShown] = useState(false);
  const toggle = (
    <button type="button" className="field-toggle" onClick={() => setShown(!shown)}>
      {shown ? 'Hide' : 'Show'}
      <span className="unseen"> {props.label.toLowerCase()}</span>
    </button>
  );
  return <TextField {...props} type={shown ? 'text' : 'password'} end={toggle} />;
}
