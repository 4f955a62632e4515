import { useEffect } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';

import { paths } from '../config/paths';
import { turnPage } from '../lib/notices';
import { useRestore } from '../lib/queries';
import { AccountLayout } from './AccountLayout';
import { EntryLayout } from './EntryLayout';
import { Guests, Members } from './guards';
import { NotFound } from './NotFound';
import { NoticeBar } from './NoticeBar';
import { OfflineBar } from './OfflineBar';
import * as pages from './pages';

export function App() {
  const { pathname } = useLocation();
  // On every page, for the ones that mails lead to greet who is signed in differently, too.
  useRestore();
  useEffect(turnPage, [pathname]);

  return (
    <>
      <Routes>
        <Route path={paths.home} element={<Navigate to={paths.account} replace />} />
        <Route element={<EntryLayout />}>
          <Route element={<Guests />}>
            <Route path={paths.signIn} element={<pages.SignIn />} />
            <Route path={paths.signUp} element={<pages.SignUp />} />
          </Route>
          <Route path={paths.forgotPassword} element={<pages.ForgotPassword />} />
          <Route path={paths.resetPassword} element={<pages.ResetPassword />} />
          <Route path={paths.verifyEmail} element={<pages.VerifyEmail />} />
          <Route path={paths.undoEmailChange} element={<pages.UndoEmailChange />} />
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route element={<Members />}>
          <Route element={<AccountLayout />}>
            <Route path={paths.account} element={<pages.Account />} />
            <Route path={paths.changeUsername} element={<pages.ChangeUsername />} />
            <Route path={paths.changeEmail} element={<pages.ChangeEmail />} />
            <Route path={paths.changePassword} element={<pages.ChangePassword />} />
            <Route path={paths.deleteAccount} element={<pages.DeleteAccount />} />
            <Route path={paths.devices} element={<pages.Devices />} />
            <Route path={paths.activity} element={<pages.Activity />} />
          </Route>
        </Route>
      </Routes>
      <div className="bars">
        <NoticeBar />
        <OfflineBar />
      </div>
    </>
  );
}
