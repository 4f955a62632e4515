/** A placeholder of the size of a list. */
export function ListSkeleton({ rows }: { rows: number }) {
  return (
    <ul className="list" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <li key={row} className="list-item">
          <span className="bone bone-icon" />
          <span className="list-text">
            <span className="bone bone-title" />
            <span className="bone bone-line" />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A placeholder for a page whose title is not known yet. */
export function PageSkeleton({ fields }: { fields: number }) {
  return (
    <div className="page" aria-hidden="true">
      <div className="page-head">
        <span className="bone bone-heading" />
        <span className="bone bone-title" />
      </div>
      <FormSkeleton fields={fields} />
    </div>
  );
}

export function FormSkeleton({ fields }: { fields: number }) {
  return (
    <div className="form" aria-hidden="true">
      {Array.from({ length: fields }, (_, field) => (
        <div key={field} className="field">
          <span className="bone bone-label" />
          <span className="bone bone-input" />
          <span className="field-note" />
        </div>
      ))}
      <span className="bone bone-button" />
    </div>
  );
}
