import { Link } from 'react-router';

import { Page } from '../components/Page';
import { paths } from '../config/paths';

export function NotFound() {
  return (
    <Page
      title="There is no such page"
      lead="The address may have been mistyped, or the page has moved."
    >
      <p>
        <Link className="button button-primary" to={paths.home}>
          Go to your account
        </Link>
      </p>
    </Page>
  );
}
