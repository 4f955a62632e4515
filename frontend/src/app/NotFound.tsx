import { Link } from 'react-router';

import { Page } from '../components/Page';
import { paths } from '../config/paths';

export function NotFound() {
  return (
    <Page title="Page not found" lead="The link may be wrong, or the page may have moved.">
      <p>
        <Link className="button button-primary" to={paths.home}>
          Go to your account
        </Link>
      </p>
    </Page>
  );
}
