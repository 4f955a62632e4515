import { Icon } from '../components/Icon';
import { dismissNotice, useNotice } from '../lib/notices';

/** The result of the last action. The region is always rendered, so that its text is announced. */
export function NoticeBar() {
  const notice = useNotice();
  return (
    <div role="status">
      {notice && (
        <div className="notice">
          <Icon name={notice.tone === 'good' ? 'check' : 'warning'} />
          <p>{notice.text}</p>
          <button type="button" aria-label="Dismiss" onClick={dismissNotice}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
