import { Icon } from '../components/Icon';
import { useOnline } from '../lib/waiting';

export function OfflineBar() {
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <div className="notice notice-offline">
          <Icon name="warning" />
          <p>
            You're offline. What you type stays here, and you can send it when you're back online.
          </p>
        </div>
      )}
    </div>
  );
}
