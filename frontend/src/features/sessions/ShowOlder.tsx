import { ActionButton, ActionStatus } from '../../components/ActionButton';
import { useSlow } from '../../lib/waiting';

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean };
  onShow: () => void;
}

export function ShowOlder({ query, onShow }: Props) {
  const { hasNextPage, isFetchingNextPage: pending } = query;
  const action = { pending, slow: useSlow(pending), waitSeconds: 0 };
  if (!hasNextPage && !pending) return <p className="quiet">That's everything.</p>;
  return (
    <div className="list-end">
      <ActionButton
        action={action}
        kind="plain"
        busy="Loading…"
        onClick={() => !pending && onShow()}
      >
        Show older
      </ActionButton>
      <ActionStatus action={action} />
    </div>
  );
}
