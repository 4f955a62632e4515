import { type ComponentType, createElement, lazy, useState } from 'react';

import { paths } from '../config/paths';

type LazyPage = ReturnType<typeof lazyPage>;
type Pages = Record<string, LazyPage>;

// Each is one file of the build: its pages link to each other.
const loadSignedOut = () => import('./signedOutPages');
const loadAccount = () => import('./accountPages');

/** Pages that a signed-in user is redirected from. */
export const guestPages: Pages = {
  [paths.signIn]: lazyPage(loadSignedOut, 'SignIn'),
  [paths.signUp]: lazyPage(loadSignedOut, 'SignUp'),
};

/** Pages that mails lead to, signed in or not. */
export const mailPages: Pages = {
  [paths.forgotPassword]: lazyPage(loadSignedOut, 'ForgotPassword'),
  [paths.resetPassword]: lazyPage(loadSignedOut, 'ResetPassword'),
  [paths.verifyEmail]: lazyPage(loadSignedOut, 'VerifyEmail'),
  [paths.undoEmailChange]: lazyPage(loadSignedOut, 'UndoEmailChange'),
};

/** Pages that require a sign-in. */
export const accountPages: Pages = {
  [paths.account]: lazyPage(loadAccount, 'Account'),
  [paths.changeUsername]: lazyPage(loadAccount, 'ChangeUsername'),
  [paths.changeEmail]: lazyPage(loadAccount, 'ChangeEmail'),
  [paths.changePassword]: lazyPage(loadAccount, 'ChangePassword'),
  [paths.deleteAccount]: lazyPage(loadAccount, 'DeleteAccount'),
  [paths.devices]: lazyPage(loadAccount, 'Devices'),
  [paths.activity]: lazyPage(loadAccount, 'Activity'),
};

/**
 * Load the current page and those bundled with it now, while the session is restored, and the
 * other pages when the browser is idle, so that they open at once, even offline.
 */
export function preloadPages(pathname: string): void {
  const signedOutPages = { ...guestPages, ...mailPages };
  const [first, second] =
    pathname in signedOutPages ? [signedOutPages, accountPages] : [accountPages, signedOutPages];
  void preload(first).then(() => whenIdle(() => void preload(second)));
}

/** Load the pages. One that fails is loaded again when it is opened. */
function preload(pages: Pages): Promise<unknown> {
  return Promise.allSettled(Object.values(pages).map((page) => page.preload()));
}

/**
 * Like `lazy`, with a `preload` function. A preloaded page renders at once. `lazy` alone would show
 * the fallback of `Suspense` first, and React shows a fallback for at least 300 ms.
 */
function lazyPage<N extends string>(load: () => Promise<Record<N, ComponentType>>, name: N) {
  let Loaded: ComponentType | undefined;

  async function preload(): Promise<{ default: ComponentType }> {
    Loaded = (await load())[name];
    return { default: Loaded };
  }

  const Lazy = lazy(preload);
  function Page() {
    // Chosen on mount, because a later change would remount the page and clear its form.
    const [chosen] = useState(() => ({ Page: Loaded ?? Lazy }));
    return createElement(chosen.Page);
  }
  return Object.assign(Page, { preload });
}

function whenIdle(callback: () => void): void {
  // Safari has no requestIdleCallback.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 5000 });
  else setTimeout(callback, 2000);
}
