import { Icon } from '../components/Icon';
import { dismissNotice, useNotice } from '../lib/notices';

/** What came of the last act. The region is always there, so that its words are read out. */
export function NoticeBar() {
  const text = useNotice();
  return (
    <div role="status">
      {text && (
        <div className="notice">
          <Icon name="check" />
          <p>{text}</p>
          <button type="button" aria-label="Dismiss" onClick={dismissNotice}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
