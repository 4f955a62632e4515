import { Component, type ReactNode } from 'react';

import { Page } from '../components/Page';

interface State {
  failed: boolean;
}

/** Shows an error page if a page throws or cannot be loaded. */
export class PageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Page
        title="This page didn't load"
        lead="The connection may be down, or the site was updated while you had it open. Reload the page to continue. What you typed is saved, except for passwords."
      >
        <p>
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Reload page
          </button>
        </p>
      </Page>
    );
  }
}
