import { Link } from 'react-router';

import { paths } from '../config/paths';
import { siteName } from '../config/env';

/** The site's logo and name, as a link to the home page. */
export function Brand() {
  return (
    <Link className="brand" to={paths.home}>
      <svg className="brand-sign" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path className="brand-box" d="M4 13h24v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z" />
        <path className="brand-lid" d="M3.2 8.7 27.6 3.4l1.1 4.9L4.3 13.6z" />
        <path
          className="brand-lock"
          d="M16 17a2.6 2.6 0 0 1 1.3 4.8V25h-2.6v-3.2A2.6 2.6 0 0 1 16 17z"
        />
      </svg>
      <span>{siteName}</span>
    </Link>
  );
}
