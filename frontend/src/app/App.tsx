import { useEffect } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';

import { paths } from '../config/paths';
import { advanceNotice } from '../lib/notices';
import { useRestore } from '../lib/queries';
import { AccountLayout } from './AccountLayout';
import { EntryLayout } from './EntryLayout';
import { SignedInOnly, SignedOutOnly } from './guards';
import { NotFound } from './NotFound';
import { NoticeBar } from './NoticeBar';
import { OfflineBar } from './OfflineBar';
import { accountPages, guestPages, mailPages } from './pages';

export function App() {
  const { pathname } = useLocation();
  // On every page, because the pages that mails lead to also depend on the session.
  useRestore();
  useEffect(advanceNotice, [pathname]);

  return (
    <>
      <Routes>
        <Route path={paths.home} element={<Navigate to={paths.account} replace />} />
        <Route element={<EntryLayout />}>
          <Route element={<SignedOutOnly />}>{routesTo(guestPages)}</Route>
          {routesTo(mailPages)}
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route element={<SignedInOnly />}>
          <Route element={<AccountLayout />}>{routesTo(accountPages)}</Route>
        </Route>
      </Routes>
      <div className="bars">
        <NoticeBar />
        <OfflineBar />
      </div>
    </>
  );
}

function routesTo(pages: typeof accountPages) {
  return Object.entries(pages).map(([path, Page]) => (
    <Route key={path} path={path} element={<Page />} />
  ));
}
