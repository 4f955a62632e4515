export function ProfileSkeleton() {
  return (
    <div className="rows" aria-hidden="true">
      {['username', 'email', 'password', 'member'].map((row) => (
        <div key={row} className="row">
          <span className="bone bone-label" />
          <span className="bone bone-title" />
        </div>
      ))}
    </div>
  );
}
