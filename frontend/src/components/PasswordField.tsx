import { useState } from 'react';

import { TextField, type FieldProps } from './TextField';

/** A password, which can be looked at: that finds a slip sooner than typing it twice. */
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
