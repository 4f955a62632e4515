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
            You are offline. What you type stays here; it can be sent when the connection is back.
          </p>
        </div>
      )}
    </div>
  );
}
