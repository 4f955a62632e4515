import { Component, type ReactNode } from 'react';

import { Page } from '../components/Page';

interface State {
  failed: boolean;
}

/** Stands in for a page that broke, or whose files could not be fetched. */
export class PageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Page
        title="This page did not load"
        lead="The connection may be down, or the site was renewed while you had it open. Load it again to go on; what you typed is kept, passwords aside."
      >
        <p>
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Load again
          </button>
        </p>
      </Page>
    );
  }
}
